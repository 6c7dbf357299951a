from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "shouwang.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.core import records  # noqa: F401  (core's own entries in its registries)
