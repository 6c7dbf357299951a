from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shouwang.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.people import registry  # noqa: F401  (what this room enters into core's registries)
