from django.apps import AppConfig


class PrioritiesConfig(AppConfig):
    name = "priorities"
    verbose_name = "Priorities: strategies, priorities, commitments, measures"
    default_auto_field = "django.db.models.BigAutoField"
