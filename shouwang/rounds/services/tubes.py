"""A tube at the table and on its way: opened, closed, its label put right, sent to the laboratory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.moves import move
from shouwang.rounds.engines.barcodes import clean_barcode
from shouwang.rounds.models import Attempt, Consignment, Round, Tube
from shouwang.rounds.selectors.tubes import entries_in, row_of, rows_of, tube_by_barcode, walk_ins_in
from shouwang.rounds.services.filling import barcode_refusal
from shouwang.rounds.services.marking import Word, hear_words
from shouwang.rounds.states import SENDABLE, TUBE_MOVES, EntryState, RoundState, TubeState

TO_WHOM = 60


@transaction.atomic
def open_tube(*, round_: Round, barcode: str, by: User, at: datetime | None = None) -> Tube:
    """The round's tube with this barcode; made when nobody named it yet.

    Refusal for what can be no barcode, for a round without tubes, and for a barcode of another round.
    """
    at = at or clock.now()
    barcode = clean_barcode(barcode)
    _refuse_unfit(round_, barcode)
    fresh = Tube(
        community_id=round_.community_id, round=round_, barcode=barcode, size=round_.tube_size or 1, opened_by=by, opened_at=at
    )  # fmt: skip
    Tube.objects.bulk_create([fresh], ignore_conflicts=True)
    tube = Tube.objects.get(community_id=round_.community_id, barcode=barcode)
    if tube.round_id != round_.pk:
        raise Refusal(
            "tube-elsewhere",
            _(
                "A tube with this barcode belongs to another round. Take another tube, and tell whoever leads the round."
            ),
            field="tube",
        )
    if tube.pk == fresh.pk:
        write_audit("rounds.tube.opened", by=by, at=at, subject=tube)
    return tube


def _refuse_unfit(round_: Round, barcode: str) -> None:
    fault = barcode_refusal(barcode)
    if fault is not None:
        raise fault
    if round_.tube_size is None:
        raise Refusal("no-tubes", _("This round has no tubes. Scan the person."), field="tube")
    _refuse_closed(round_)


def _refuse_closed(round_: Round) -> None:
    if not Round.objects.filter(pk=round_.pk, state=RoundState.OPEN).exists():
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))


@transaction.atomic
def close_tube(*, tube: Tube, by: User, at: datetime | None = None) -> Tube:
    """Closes a tube before it is full. Conflict when it is closed or gone already."""
    at = at or clock.now()
    move(tube, TubeState.FULL, table=TUBE_MOVES, closed_at=at)
    write_audit("rounds.tube.closed", by=by, at=at, subject=tube)
    return tube


@transaction.atomic
def reopen_tube(*, tube: Tube, by: User, at: datetime | None = None) -> Tube:
    """Takes the closing back. Conflict when it is not closed, or sent."""
    at = at or clock.now()
    move(tube, TubeState.FILLING, table=TUBE_MOVES, closed_at=None)
    write_audit("rounds.tube.reopened", by=by, at=at, subject=tube)
    return tube


@transaction.atomic
def relabel_tube(*, tube: Tube, barcode: str, by: User, at: datetime | None = None) -> Tube:
    """Puts a wrong barcode right: everybody in the tube gets a new attempt that names the right one; one act on record.

    Refusal for what can be no barcode, or one of a tube that somebody is in. Conflict when the round is closed.
    """
    at = at or clock.now()
    barcode = clean_barcode(barcode)
    _refuse_unfit(tube.round, barcode)
    tube = Tube.objects.select_for_update(of=("self",)).select_related("round").get(pk=tube.pk)
    if barcode == tube.barcode:
        raise Refusal("same-barcode", _("This is the barcode that it has. Scan the right one."), field="tube")
    _make_way(tube, barcode)
    words = [
        Word(
            uuid7(), attempt.entry_id, EntryState.DONE, note=attempt.note, tube=barcode, answers=attempt.answers,
            base=attempt.pk,
        )
        for attempt in Attempt.objects.filter(pk__in=entries_in(tube).values("last"))
    ]  # fmt: skip
    beside = walk_ins_in(tube).update(tube=barcode)
    Tube.objects.filter(pk=tube.pk).update(barcode=barcode)
    for heard in hear_words(words, by=by, at=at, on_record=False):
        if heard.refusal is not None:
            raise heard.refusal
    write_audit("rounds.tube.relabelled", by=by, at=at, subject=tube, people=len(words) + beside)
    tube.refresh_from_db()
    return tube


def _make_way(tube: Tube, barcode: str) -> None:
    """An empty tube with that barcode, scanned by mistake, goes; one with somebody in it stays."""
    other = tube_by_barcode(tube.community_id, barcode)
    if other is None:
        return
    people = row_of(other).people
    if people or other.round_id != tube.round_id or not other.takes_more:
        raise Refusal(
            "barcode-taken",
            ngettext(
                "Another tube has this barcode, with %(n)s person in it. Put that one right first.",
                "Another tube has this barcode, with %(n)s people in it. Put that one right first.", people,
            ) % {"n": people},
            field="tube",
        )  # fmt: skip
    other.delete()


@transaction.atomic
def send_tubes(
    *, round_: Round, tube_ids: Iterable[UUID], handed_to: str, by: User, at: datetime | None = None
) -> Consignment:
    """Sends tubes to the laboratory together, open ones closed by that; answers what the transport sheet is printed from.

    Refusal without tubes or without whom they were handed to; Conflict when one was sent meanwhile.
    """
    at, ids = at or clock.now(), set(tube_ids)
    tubes = list(Tube.objects.select_for_update().filter(pk__in=ids, round=round_).order_by("pk"))
    if not ids or len(tubes) != len(ids):
        raise Refusal("no-tubes-chosen", _("Choose the tubes that leave now."), field="tubes")
    if not handed_to.strip():
        raise Refusal("handed-to-missing", _("Write whom the tubes are handed to."), field="handed_to")
    if not all(row.people for row in rows_of(tubes)):
        raise Refusal("tube-empty", _("Nobody is in one of these tubes. Leave it out."), field="tubes")
    sent = Consignment(
        community_id=round_.community_id, round=round_, handed_to=handed_to.strip()[:TO_WHOM], sent_at=at, sent_by=by
    )  # fmt: skip
    sent.save(force_insert=True)
    here = Tube.objects.filter(pk__in=ids, state__in=SENDABLE)
    if here.update(state=TubeState.AWAY, consignment=sent, sent_at=at) != len(ids):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    write_audit("rounds.tubes.sent", by=by, at=at, subject=sent, tubes=len(ids))
    return sent


@transaction.atomic
def record_tube_read(*, tube: Tube, people: int, by: User, at: datetime) -> None:
    """That somebody opened the list of who is in a tube."""
    write_audit("rounds.tube.read", by=by, at=at, subject=tube, people=people)
