from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shouwang.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.accounts import registry  # noqa: F401  (what this room enters into core's registries)
