from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "voice"
    verbose_name = "Voice: what families say and what came of it"
    default_auto_field = "django.db.models.BigAutoField"
