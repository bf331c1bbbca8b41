from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = "Actions: plans, actions, updates, evidence"
    default_auto_field = "django.db.models.BigAutoField"
