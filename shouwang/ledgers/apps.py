from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "shouwang.ledgers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.ledgers import registry  # noqa: F401  (what this room enters into core's registries)
