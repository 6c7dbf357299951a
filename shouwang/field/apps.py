from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "shouwang.field"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.field import registry  # noqa: F401  (what this room enters into core's registries)
