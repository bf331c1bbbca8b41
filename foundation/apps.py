"""The foundation app: its tables and its signals."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Connects the signals that tell the page cache when content has changed."""

    name = "foundation"
    verbose_name = "Foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import content_version

        content_version.connect_signals()
