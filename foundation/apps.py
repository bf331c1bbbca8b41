"""The foundation app: its tables, its signals and its path converter."""

from django.apps import AppConfig
from django.urls import register_converter


class FoundationConfig(AppConfig):
    """Connects the signals that tell the page cache when content has changed, and makes ``<positive:id>`` known in paths."""

    name = "foundation"
    verbose_name = "Foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import content_version, ids

        register_converter(ids.PositiveIdConverter, "positive")
        content_version.connect_signals()
