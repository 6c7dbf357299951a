from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "shouwang.rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.rounds import receivers, registry  # noqa: F401  (news from below; what this room enters)
