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
from shouwang.places.selectors import community_by_code, office_by_code
from shouwang.places.states import Level, Role


class Command(Base):
    help = "Makes a community; its buildings and doors come with the register (import-register)."
    example = "shouwang community create jinxiu --name 锦绣社区 --secretary chen"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|office|under")
        create = self.add_verb(verbs, "create", "make a community")
        create.add_argument("code", metavar="CODE", help="short code, used by other commands")
        create.add_argument("--name", required=True, help="name as people say it")
        create.add_argument("--secretary", metavar="NAME", help="sign-in name of who answers for it")
        office = self.add_verb(verbs, "office", "enter a district or subdistrict, which sees counts only")
        office.add_argument("code", metavar="CODE", help="short code, used by other commands")
        office.add_argument("--level", choices=[Level.DISTRICT.value, Level.SUBDISTRICT.value], required=True)
        office.add_argument("--name", required=True, help="name as people say it")
        office.add_argument("--under", metavar="CODE", help="the district that it belongs to")
        office.add_argument("--officer", metavar="NAME", help="sign-in name of who sees its counts")
        under = self.add_verb(verbs, "under", "put a community under a district or subdistrict")
        under.add_argument("code", metavar="COMMUNITY", help="the community's code")
        under.add_argument("office", metavar="CODE", help="the district's or subdistrict's code")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        made = {"create": _make, "office": _enter_office, "under": _put_under}[options["verb"]](options)
        self.stdout.write(str(made.pk))


def _user(name: str | None) -> User | None:
    found = user_by_username(name) if name else None
    if name and found is None:
        raise Unusable(_("Nobody signs in as %(name)s.") % {"name": name})
    return found


@transaction.atomic
def _make(options: dict[str, Any]) -> Place:
    at, secretary = clock.now(), _user(options["secretary"])
    community = services.create_community(code=options["code"], name=options["name"], by=OPERATOR, at=at)
    if secretary is not None:
        services.appoint(place=community, role=Role.SECRETARY, holder=secretary, by=OPERATOR, at=at)
    return community


@transaction.atomic
def _enter_office(options: dict[str, Any]) -> Place:
    at, officer = clock.now(), _user(options["officer"])
    parent = _office(options["under"]) if options["under"] else None
    office = services.add_office(
        level=options["level"], code=options["code"], name=options["name"], parent=parent, by=OPERATOR, at=at
    )
    if officer is not None:
        services.appoint(place=office, role=Role.SUBDISTRICT_OFFICER, holder=officer, by=OPERATOR, at=at)
    return office


def _put_under(options: dict[str, Any]) -> Place:
    community = community_by_code(options["code"])
    if community is None:
        raise Unusable(_("There is no community %(code)s.") % {"code": options["code"]})
    return services.place_under(
        community=community, office=_office(options["office"]), by=OPERATOR, at=clock.now()
    )


def _office(code: str) -> Place:
    found = office_by_code(code)
    if found is None:
        raise Unusable(_("There is no district or subdistrict %(code)s.") % {"code": code})
    return found
