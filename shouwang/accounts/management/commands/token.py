from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.accounts import selectors, services
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, require_migrated


class Command(Base):
    help = "Makes a bearer token by which a program acts for a user. The secret is written once and kept nowhere."
    example = 'shouwang token create --for chen --scope read --name "evening report"'

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create")
        create = self.add_verb(verbs, "create", "make a token and write its secret")
        create.add_argument(
            "--for", dest="username", required=True, metavar="NAME", help="sign-in name of the user"
        )
        create.add_argument("--scope", required=True, choices=["read", "write"], help="what it may do")
        create.add_argument("--name", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        user = selectors.user_by_username(options["username"])
        if user is None:
            raise Unusable(_("Nobody signs in as %(name)s.") % {"name": options["username"]})
        name = options["name"] or _("made on the command line")
        _token, secret = services.create_token(
            name=name, user=user, reach=options["scope"], by=OPERATOR, at=clock.now()
        )
        self.stdout.write(secret)
