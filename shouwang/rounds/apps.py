from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "shouwang.rounds"
    default_auto_field = "django.db.models.BigAutoField"
