from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shouwang.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What this room enters into core's registries, and what it listens to.
        from shouwang.notices import receivers, registry  # noqa: F401
