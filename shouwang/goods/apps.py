from django.apps import AppConfig


class GoodsConfig(AppConfig):
    name = "shouwang.goods"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.goods import receivers, registry  # noqa: F401  (news from below; what this room enters)
