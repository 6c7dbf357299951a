"""What is in whose hands as pages, phones and sheets say it: in words, with both receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users, user_named
from shouwang.core.models import StoredFile
from shouwang.core.registry import HeldThing, WorkItem
from shouwang.core.scope import Scope
from shouwang.goods.models import Handover, Holding
from shouwang.goods.selectors.custody import (
    CUSTODY,
    held_by,
    holding_for,
    holdings_for,
    standing_for,
    to_recover,
    waiting_on,
)
from shouwang.goods.states import OUT, HoldingKind, HoldingState
from shouwang.places.selectors import door_labels, holders_in
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve, live_stand_downs, users_in, volunteer_of

CONFIRM, GIVE_BACK = "goods.confirm_holding", "goods.give_back"
MOST = 300


@dataclass(frozen=True)
class HandLine:
    """A holding with its door in words. `late`: it was to be back by now; `owed`: a receipt is still missing."""

    holding: Holding
    door: str
    to: str
    late: bool
    off_duty: bool
    owed: bool

    @property
    def amount(self) -> str:
        """How much: yuan for cash, pieces where there are several."""
        return amount_words(self.holding)


def amount_words(holding: Holding) -> str:
    """¥ 200.00 for cash, × 3 for several, else nothing."""
    if holding.amount_fen is not None:
        return f"¥ {holding.amount_fen // 100}.{holding.amount_fen % 100:02d}"
    return f"× {holding.quantity}" if holding.quantity > 1 else ""


def hand_lines(rows: Iterable[Holding], at: datetime) -> list[HandLine]:
    """Each with its door, to whom it is on its way, and what is missing. Four queries, whatever the number."""
    found = list(rows)
    doors = doors_of(found)
    open_rows = Handover.objects.filter(holding__in=found, withdrawn_at__isnull=True).select_related(
        "to_user"
    )
    on_the_way: dict[UUID, str] = {}
    owed: set[UUID] = set()
    for row in open_rows.filter(Q(taken_at__isnull=True) | Q(given_at__isnull=True)):
        owed.add(row.holding_id)
        if row.taken_at is None and row.to_user is not None:
            on_the_way[row.holding_id] = row.to_user.name
    holders = {row.holder_id for row in found if row.holder_id}
    away = set(
        live_stand_downs(at).filter(volunteer__user__in=holders).values_list("volunteer__user_id", flat=True)
    )
    return [
        HandLine(
            row, doors.get(row.pk, ""), on_the_way.get(row.pk, ""),
            row.state in OUT and row.due_back_at is not None and row.due_back_at < at, row.holder_id in away,
            row.pk in owed,
        )
        for row in found
    ]  # fmt: skip


def doors_of(rows: Sequence[Holding]) -> dict[UUID, str]:
    """Holding id to the label of its household's door. One query more than the rows."""
    homes = {row.pk: row.household.dwelling for row in rows if row.household is not None}
    labels = door_labels(list(homes.values()))
    return {pk: labels[dwelling.pk] for pk, dwelling in homes.items()}


# The desk's list

SHOWN: dict[str, Callable[[QuerySet[Holding], datetime], QuerySet[Holding]]] = {
    "out": lambda rows, at: rows.filter(state__in=OUT),
    "late": lambda rows, at: rows.filter(state__in=OUT, due_back_at__lt=at),
    "missing": lambda rows, at: rows.filter(state=HoldingState.MISSING),
    "owed": lambda rows, at: rows.filter(Exists(owed_receipts().filter(holding=OuterRef("pk")))),
    "over": lambda rows, at: rows.exclude(state__in=OUT).order_by("-ended_at"),
}


def owed_receipts() -> QuerySet[Handover]:
    """Handovers of which one of two users has not said so yet."""
    missing = Q(given_at__isnull=True, from_user__isnull=False) | Q(taken_at__isnull=True)
    return Handover.objects.filter(missing, withdrawn_at__isnull=True)


def list_for(scope: Scope, query: Mapping[str, str]) -> dict[str, Any]:
    """The list of custody: `show` one of SHOWN, `kind` a HoldingKind, `who` the id of whoever has it."""
    show, kind, who = query.get("show", "out"), query.get("kind", ""), query.get("who", "")
    all_here = Holding.objects.filter(scope.q(CUSTODY))
    rows = holdings_for(scope).filter(scope.q(CUSTODY))
    rows = SHOWN.get(show, SHOWN["out"])(rows, scope.at)
    rows = rows.filter(kind=kind) if kind in HoldingKind.values else rows
    chosen = _user_said(who)
    rows = rows.filter(holder=chosen) if chosen else rows
    out = all_here.filter(state__in=OUT)
    return {
        "lines": hand_lines(rows[:MOST], scope.at), "show": show if show in SHOWN else "out", "kind": kind,
        "chosen": chosen, "kinds": HoldingKind.choices,
        "holders": active_users().filter(pk__in=out.values("holder_id")).order_by("name"),
        "chips": _chips(all_here, show, kind, who, scope.at), "recover": to_recover(scope).count(),
    }  # fmt: skip


def _user_said(who: str) -> User | None:
    try:
        return user_named(UUID(who)) if who else None
    except ValueError:
        return None


def _chips(rows: QuerySet[Holding], show: str, kind: str, who: str, at: datetime) -> list[dict[str, Any]]:
    labels = {
        "out": _("In somebody's hands"), "late": _("Overdue"), "missing": _("Not found"),
        "owed": _("A receipt is missing"), "over": _("Over"),
    }  # fmt: skip
    kept = "".join(f"&{name}={value}" for name, value in (("kind", kind), ("who", who)) if value)
    return [
        {
            "label": label, "url": f"?show={code}{kept}", "current": code == show,
            "count": SHOWN[code](rows, at).count() if code != "over" else None,
        }
        for code, label in labels.items()
    ]  # fmt: skip


# To be recovered


@dataclass(frozen=True)
class Recovery:
    """What one person off duty holds, and who could fetch it: those on duty nearest to them."""

    holder: User
    lines: list[HandLine]
    near: list[Volunteer]


def recoveries(scope: Scope) -> list[Recovery]:
    """By holder; whoever has held something longest first."""
    by_holder: dict[Any, list[HandLine]] = {}
    for line in hand_lines(to_recover(scope), scope.at):
        by_holder.setdefault(line.holding.holder, []).append(line)
    free = list(can_serve(scope.at).filter(community_id__in={
        line.holding.community_id for lines in by_holder.values() for line in lines
    }).order_by("user__name"))  # fmt: skip
    return [
        Recovery(holder, lines, _nearest(volunteer_of(holder), free)) for holder, lines in by_holder.items()
    ]


def _nearest(home: Volunteer | None, free: Sequence[Volunteer], most: int = 3) -> list[Volunteer]:
    def steps(one: Volunteer) -> int:
        columns = ("stairwell_id", "building_id", "grid_id")
        same = [
            getattr(home, name, None) is not None and getattr(home, name) == getattr(one, name)
            for name in columns
        ]
        return same.index(True) if True in same else len(columns)

    return sorted((one for one in free if home is None or one.pk != home.pk), key=steps)[:most]


# One holding


@dataclass(frozen=True)
class Change:
    """One change of hands in words; `given_at` and `taken_at` are the two receipts."""

    row: Handover
    from_words: str
    to_words: str


def changes_of(holding: Holding) -> list[Change]:
    """Every change of hands of one holding, the first first."""
    rows = holding.handovers.select_related("from_user", "to_user", "said_by", "photo").order_by("id")
    return [
        Change(row, _side(row.from_user, row.from_words, holding), _side(row.to_user, row.to_words, holding))
        for row in rows
    ]


def _side(user: User | None, words: str, holding: Holding) -> str:
    if user is not None:
        return user.name
    if words:
        return words
    return _("the household") if holding.household_id else _("the office")


def photo_for(scope: Scope, holding_id: UUID, file_id: UUID) -> StoredFile:
    """A photo of a handover within the scope, or 404."""
    row = holding_for(scope, holding_id).handovers.select_related("photo").filter(photo_id=file_id).first()
    if row is None or row.photo is None or scope.counter:
        raise Http404
    return row.photo


def acts_on(scope: Scope, holding: Holding) -> set[str]:
    """What the user may do with it now: confirm, decline, pass, back, missing, used, found."""
    user, out = scope.user, holding.state in OUT
    waiting = holding.handovers.filter(withdrawn_at__isnull=True)
    owes = waiting.filter(
        Q(from_user=user, given_at__isnull=True) | Q(to_user=user, taken_at__isnull=True)
    ).exists()
    found = {"confirm"} if owes else set()
    looks_after = scope.covers(CUSTODY, holding)
    to_me = waiting.filter(to_user=user, taken_at__isnull=True).exists()
    if holding.state == HoldingState.OFFERED and (to_me or looks_after or holding.holder_id == user.pk):
        found.add("decline")
    if out and (looks_after or holding.holder_id == user.pk):
        found |= {"pass", "back"}
        found |= {"found", "used"} if holding.state == HoldingState.MISSING else {"missing"}
        found |= {"used"} if holding.state == HoldingState.HELD else set()
    return found


def require_act(scope: Scope, holding_id: UUID, act: str) -> Holding:
    """The holding on which the user may do this, or 404. What is over stays, so that twice is once."""
    found = holding_for(scope, holding_id)
    if act not in acts_on(scope, found) and found.state in OUT and act != "confirm":
        raise Http404
    return found


def takers(community_id: UUID | None, at: datetime, also: UUID | None = None) -> QuerySet[User]:
    """Whom something may be handed to there: everybody who serves and is not stood down, by name; and `also`."""
    if community_id is None:
        return active_users().none()
    ids = holders_in(community_id) | users_in(community_id)
    away = live_stand_downs(at).values("volunteer__user_id")
    free = active_users().filter(pk__in=ids).exclude(pk__in=away)
    return active_users().filter(Q(pk__in=free.values("pk")) | Q(pk=also)).order_by("name")


# Other rooms' pages


def section_of(household_id: UUID, scope: Scope, at: datetime) -> dict[str, Any] | None:
    """What of a household is or was in somebody's hands, for its file; None hides the section."""
    rows = list(
        Holding.objects.filter(household_id=household_id).select_related("holder").order_by("-began_at")[:20]
    )
    if not rows or scope.counter:
        return None
    seen = set(holdings_for(scope).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return {"rows": [(row, row.pk in seen) for row in rows]}


def things_held(user: Any, scope: Scope, at: datetime) -> list[HeldThing]:
    """What a user holds, for whoever looks after custody there, and for themselves."""
    rows = held_by(user).filter(holder=user)
    if user != scope.user:
        rows = rows.filter(scope.q(CUSTODY))
    return [
        HeldThing(
            f"{line.holding.words} {line.amount}".strip(), line.door, line.holding.began_at,
            reverse("goods:holding", args=[line.holding.pk]),
        )
        for line in hand_lines(rows, at)
    ]  # fmt: skip


def work_for(user: Any, at: datetime) -> Sequence[WorkItem]:
    """One line of work: what is in my hands, and what waits for my word."""
    rows = list(waiting_on(user)[:50])
    if not rows:
        return []
    standing = {row.pk: standing_for(user, row) for row in rows}
    owed = [row for row in rows if standing[row.pk] == "gave"]
    held = [row for row in rows if standing[row.pk] != "gave"]
    to_me = owed or [row for row in held if standing[row.pk] == "take"]
    late = [row for row in held if row.due_back_at is not None and row.due_back_at < at]
    title = ngettext("%(n)s thing in my hands", "%(n)s things in my hands", len(held)) % {"n": len(held)}
    if not held:
        title = ngettext(
            "%(n)s receipt of mine is missing", "%(n)s receipts of mine are missing", len(owed)
        ) % {"n": len(owed)}
    last = Handover.objects.filter(holding__in=rows).order_by("-id").values_list("pk", flat=True).first()
    tags = [_("please confirm")] if to_me else [_("overdue")] if late else []
    return [
        WorkItem(
            # A new key with every handover: by that a phone sees that it has to fetch anew.
            key=f"goods.hands:{last}", kind="goods.hands", title=title, door="",
            small=_(", ").join(dict.fromkeys(row.words for row in rows))[:80], url=reverse("goods:hands"),
            rank=2 if to_me or late else 4, tone="need" if to_me or late else "calm", tags=tags,
            waiting_for_me=bool(to_me),
        )
    ]  # fmt: skip


def phone_hands(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """What the user has in hand or is to take, for the phone: what, whose door, since when, what may be done."""
    if scope.user is None:
        return []
    rows = list(waiting_on(scope.user)[:100])
    standing = {row.pk: standing_for(scope.user, row) for row in rows}
    return [
        {
            "id": str(line.holding.pk), "kind": line.holding.kind, "what": f"{line.holding.words} {line.amount}".strip(),
            "whose": line.door, "since": line.holding.began_at.isoformat(),
            "due_at": line.holding.due_back_at.isoformat() if line.holding.due_back_at else None,
            "state": line.holding.state, "to": line.to,
            "acts": [GIVE_BACK] if standing[line.holding.pk] == "held" else [CONFIRM],
            "gave": standing[line.holding.pk] == "gave",
        }
        for line in hand_lines(rows, at)
    ]  # fmt: skip


def late_in(scope: Scope) -> list[Holding]:
    """What should be back by now where the scope looks after custody; longest overdue first."""
    rows = Holding.objects.filter(scope.q(CUSTODY), state__in=OUT, due_back_at__lt=scope.at)
    return list(rows.order_by("due_back_at")[:MOST])


def told_of(ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """(label, address) of holdings, for the page that names what breaks a promise."""
    rows = Holding.objects.filter(pk__in=list(ids)).order_by("began_at")
    return [
        (f"{row.words} {amount_words(row)}".strip(), reverse("goods:holding", args=[row.pk])) for row in rows
    ]
