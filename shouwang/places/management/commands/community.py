from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.accounts.models import User
from shouwang.accounts.selectors import user_by_username
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, require_migrated
from shouwang.places import services
from shouwang.places.models import Place
from shouwang.places.states import Role


class Command(Base):
    help = "Makes a community; its buildings and doors come with the register (import-register)."
    example = "shouwang community create jinxiu --name 锦绣社区 --secretary chen"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create")
        create = self.add_verb(verbs, "create", "make a community")
        create.add_argument("code", metavar="CODE", help="short code, used by other commands")
        create.add_argument("--name", required=True, help="name as people say it")
        create.add_argument("--secretary", metavar="NAME", help="sign-in name of who answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        secretary = None
        if options["secretary"]:
            secretary = user_by_username(options["secretary"])
            if secretary is None:
                raise Unusable(_("Nobody signs in as %(name)s.") % {"name": options["secretary"]})
        community = _make(options, secretary)
        self.stdout.write(str(community.pk))


@transaction.atomic
def _make(options: dict[str, Any], secretary: User | None) -> Place:
    at = clock.now()
    community = services.create_community(code=options["code"], name=options["name"], by=OPERATOR, at=at)
    if secretary is not None:
        services.appoint(place=community, role=Role.SECRETARY, holder=secretary, by=OPERATOR, at=at)
    return community
