from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shouwang.portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.portal import registry  # noqa: F401  (what this room enters into core's registries)
