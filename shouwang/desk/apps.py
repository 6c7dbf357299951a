from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "shouwang.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.desk import registry  # noqa: F401  (what this room enters into core's registries)
