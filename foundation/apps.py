from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Foundation: machinery with no word of the domain"
    default_auto_field = "django.db.models.BigAutoField"
