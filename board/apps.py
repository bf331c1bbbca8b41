from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "Board: holding the partnership to account"
    default_auto_field = "django.db.models.BigAutoField"
