"""What accounts enters into core's registries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.accounts import jobs
from shouwang.core.registry import (
    AuditKind,
    Eraser,
    Page,
    PurposeKind,
    audit_kinds,
    erasers,
    pages,
    purposes,
)

purposes.add(
    PurposeKind("account", _("To sign in, and to know who did what"), 365, after=_("the account is closed"))
)

for kind in (
    AuditKind("accounts.user.created", _("An account was opened")),
    AuditKind("accounts.user.ended", _("An account was closed")),
    AuditKind("accounts.user.signed_in", _("%(actor)s signed in")),
    AuditKind("accounts.user.signed_out", _("%(actor)s signed out")),
    AuditKind(
        "accounts.user.locked_out", _("Somebody tried wrong passwords and was locked out"), tone="need"
    ),
    AuditKind("accounts.password.changed", _("%(actor)s changed the password")),
    AuditKind("accounts.password.set", _("A new password was set at the machine")),
    AuditKind("accounts.language.chosen", _("%(actor)s chose a language")),
    AuditKind("accounts.token.made", _("%(actor)s made a token for a program")),
    AuditKind("accounts.token.ended", _("%(actor)s ended a token")),
    AuditKind("accounts.second.made", _("%(actor)s set up a second factor")),
    AuditKind("accounts.second.ended", _("A second factor was taken away"), tone="need"),
    AuditKind("accounts.second.paper_used", _("%(actor)s came in with a code from paper"), tone="need"),
    AuditKind("accounts.device.enrolled", _("%(actor)s set up a phone to work without a signal")),
    AuditKind(
        "accounts.device.ended", _("%(actor)s ended a phone: what it still sends is set aside"), tone="need"
    ),
    AuditKind("accounts.session.ended", _("%(actor)s signed %(sessions)s other browsers out")),
):
    audit_kinds.add(kind)

erasers.add(
    Eraser(
        "accounts.users",
        frozenset({"accounts.User.username", "accounts.User.name", "accounts.User.phone"}),
        count=jobs.count_users,
        erase_batch=jobs.erase_users,
        verify=jobs.count_users_left,
    )
)
erasers.add(
    Eraser(
        "accounts.tries",
        frozenset(),
        count=lambda at: jobs.old_tries(at).count(),
        erase_batch=jobs.erase_tries,
        verify=jobs.count_tries_left,
    )
)
erasers.add(
    Eraser(
        "accounts.sessions",
        frozenset(),
        count=lambda at: jobs.over_sessions(at).count(),
        erase_batch=jobs.erase_sessions,
        verify=jobs.count_sessions_left,
    )
)
purposes.add(
    PurposeKind(
        "account.session", _("To see where one is signed in, and end it"), 14, after=_("it was last used")
    )
)
erasers.add(
    Eraser(
        "accounts.own_sessions",
        frozenset({"accounts.OwnSession.device"}),
        count=lambda at: jobs.unused_sessions(at).count(),
        erase_batch=jobs.erase_unused_sessions,
        verify=jobs.count_unused_left,
    )
)
purposes.add(
    PurposeKind(
        "account.device",
        _("To take what a phone kept while it had no signal"),
        90,
        after=_("it was last heard of"),
    )
)
erasers.add(
    Eraser(
        "accounts.devices",
        frozenset({"accounts.Device.name"}),
        count=lambda at: jobs.unused_devices(at).count(),
        erase_batch=jobs.erase_unused_devices,
        verify=jobs.count_devices_left,
    )
)
pages.add(Page("accounts.account", "accounts:account", _("My account")))
