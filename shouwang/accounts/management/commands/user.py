from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.accounts import selectors, services
from shouwang.accounts.models import User
from shouwang.accounts.services.second import end_factor
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, require_migrated


class Command(Base):
    help = (
        "Opens and closes accounts and sets passwords. A password is asked for, or read from standard input."
    )
    example = "shouwang user create chen --name 陈书记"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|password|second-factor|end")
        create = self.add_verb(verbs, "create", "open an account")
        create.add_argument("username", help="sign-in name")
        create.add_argument("--name", required=True, help="the person's name")
        create.add_argument("--phone", default="", help="telephone number")
        password = self.add_verb(verbs, "password", "set a new password", "shouwang user password chen")
        end = self.add_verb(verbs, "end", "close an account: no sign-in, no token", "shouwang user end chen")
        second = self.add_verb(
            verbs, "second-factor", "take a second factor away when the phone is lost",
            "shouwang user second-factor chen --reset",
        )  # fmt: skip
        second.add_argument(
            "--reset", action="store_true", required=True, help="the next sign-in sets up a new one"
        )
        for verb in (password, second, end):
            verb.add_argument("username", help="sign-in name")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        getattr(self, f"_{options['verb'].replace('-', '_')}")(options)

    def _create(self, options: dict[str, Any]) -> None:
        services.create_user(
            username=options["username"],
            name=options["name"],
            phone=options["phone"],
            password=_ask_password(),
            by=OPERATOR,
            at=clock.now(),
        )

    def _password(self, options: dict[str, Any]) -> None:
        services.set_password(user=_user(options), password=_ask_password(), by=OPERATOR, at=clock.now())

    def _second_factor(self, options: dict[str, Any]) -> None:
        end_factor(user=_user(options), by=OPERATOR, at=clock.now())

    def _end(self, options: dict[str, Any]) -> None:
        services.end_user(user=_user(options), by=OPERATOR, at=clock.now())


def _user(options: dict[str, Any]) -> User:
    user = selectors.user_by_username(options["username"])
    if user is None:
        raise Unusable(_("Nobody signs in as %(name)s.") % {"name": options["username"]})
    return user


def _ask_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Password: "))
    return sys.stdin.readline().rstrip("\n")
