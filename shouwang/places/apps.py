from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "shouwang.places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.places import registry  # noqa: F401  (what this room enters into core's registries)
