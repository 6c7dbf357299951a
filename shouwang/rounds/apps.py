from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RoundsConfig(AppConfig):
    name = "shouwang.rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouwang.rounds import receivers, registry  # noqa: F401  (news from below; what this room enters)

        post_migrate.connect(_ship_kinds, sender=self)


def _ship_kinds(**_more: Any) -> None:
    """The kinds of rounds that come with the product are in the table after every migration, as their files have them."""
    from django.db import connection

    from shouwang.rounds.models import Kind
    from shouwang.rounds.services import ship_kinds

    if Kind._meta.db_table in connection.introspection.table_names():  # not when the room was migrated away
        ship_kinds()
