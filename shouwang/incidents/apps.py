from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "shouwang.incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.incidents import registry  # noqa: F401  (what this room enters into core's registries)
