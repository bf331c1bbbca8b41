from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal: settings, home, my work, loaders, demo"
    default_auto_field = "django.db.models.BigAutoField"
