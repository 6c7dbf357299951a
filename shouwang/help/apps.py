from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "shouwang.help"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.help import receivers, registry  # noqa: F401  (news from below; what this room enters)
