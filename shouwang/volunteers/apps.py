from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "shouwang.volunteers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.volunteers import registry  # noqa: F401  (what this room enters into core's registries)
