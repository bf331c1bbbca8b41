from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    name = "partnership"
    verbose_name = "Partnership: who we are and what we rest on"
    default_auto_field = "django.db.models.BigAutoField"
