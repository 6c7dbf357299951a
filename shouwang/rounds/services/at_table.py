"""One scan at the table: a person into the tube that stands there, or the last one taken out again; and the paper sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.scope import Scope
from shouwang.rounds.engines.barcodes import Given, clean_barcode, given_as, is_plain
from shouwang.rounds.engines.evidence import Weight
from shouwang.rounds.models import Entry, Round, Tube
from shouwang.rounds.selectors.table import find_entry
from shouwang.rounds.selectors.tubes import looks_unlike, row_of, tube_by_barcode
from shouwang.rounds.services.filling import FAULTS as FAULTS_OF_TUBES
from shouwang.rounds.services.filling import barcode_refusal
from shouwang.rounds.services.marking import Heard, Word, hear_words
from shouwang.rounds.services.tubes import open_tube
from shouwang.rounds.services.walk_ins import entry_of
from shouwang.rounds.states import EntryState


def refuse_unready(round_: Round, tube: Tube | None) -> None:
    """Refusal when nobody can be taken now: no tube stands here, or it has no room. At the table the sample is taken
    after the scan, so a full tube can still be changed for an empty one."""
    if round_.tube_size is None:
        return
    if tube is None:
        raise Refusal("no-tube", _("First scan the barcode of a tube, then the person."), field="text")
    if not tube.takes_more:
        raise Refusal("tube-gone", _("This tube was sent. Scan the next one."), field="text")
    if row_of(tube).is_full:
        raise Refusal(
            "tube-full", _("This tube is full. Scan the next tube, then this person again."), field="text"
        )


@transaction.atomic
def take_sample(*, entry: Entry, tube: Tube | None, word_id: UUID, by: User, at: datetime) -> Heard:
    """Marks somebody at the table done, with the tube that stands there.

    Refusal `done-already` when they are: one person is not put into two tubes by one more scan. Others as of
    `refuse_unready` and `hear_words`.
    """
    refuse_unready(entry.round, tube)
    if entry.state == EntryState.DONE and entry.last != word_id:
        raise Refusal("done-already", _("Was here before and is done. Nothing was changed."), field="text")
    if entry.disputed:
        raise Refusal(
            "two-samples",
            _("Two tubes are on record for this person. Take no third; tell whoever leads the round."), field="text",
        )  # fmt: skip
    word = Word(word_id, entry.pk, EntryState.DONE, tube=tube.barcode if tube else "", base=entry.last)
    heard = hear_words([word], by=by, at=at)[0]
    if heard.refusal is not None:
        raise heard.refusal
    return heard


FAULTS = {
    "code": _("This code is not known here. Take the ID card next, or search by name."),
    "expired": _(
        "This code has run out. Take the ID card next, or search by name; a new code can be printed later."
    ),
    "revoked": _("This code was revoked. Take the ID card next, or search by name."),
    "forged": _("This is not one of our codes. Take the ID card next, or search by name."),
    "check-digit": _(
        "This ID number has a slip in it: its last character does not fit. Scan it again, or search by name."
    ),
    "unknown": _(
        "Nobody in the register has this number. Search by name; whoever is not there either is “Not on the list”."
    ),
    "unreadable": _("This is no code, number or barcode. Scan it again, or search by name."),
    "elsewhere": _("This person lives where you have no post. Ask whoever leads the round to take them."),
}


@dataclass(frozen=True)
class Scanned:
    """What a scan did: the tube that stands on the table now, the entry that was taken, and whether it was added for that."""

    tube: Tube | None
    entry: Entry | None = None
    added: bool = False


@transaction.atomic
def apply_scan(
    *, round_: Round, scope: Scope, text: str, tube: Tube | None, is_tube: bool = False, word_id: UUID, by: User,
    at: datetime,
) -> Scanned:  # fmt: skip
    """Does what a scan at the table means, told apart by its form: a tube comes onto the table, or a person is taken.

    Refusals say what comes next in the order of asking: code, ID card, name, the list of those without an entry.
    `new-tube`: it looks unlike the other tubes; `perhaps-passport`: it could be either; `is_tube` says that it is a tube.
    """
    kind = given_as(text)
    if kind is Given.NOTHING:
        raise Refusal("nothing-scanned", _("Scan a code, an ID card or a tube."), field="text")
    if kind is Given.TUBE or is_tube or _is_known_tube(round_, kind, text):
        _refuse_odd(round_, clean_barcode(text), asked=is_tube)
        return Scanned(open_tube(round_=round_, barcode=text, by=by, at=at))
    code, number = (text, "") if kind is Given.CODE else ("", text)
    found = find_entry(round_, scope, code=code, id_number=number, at=at)
    if found.status == "unknown" and kind is Given.PASSPORT and round_.tube_size:
        raise Refusal(
            "perhaps-passport", _("Is this a tube, or the passport of somebody who is not on the list?"), field="text"
        )  # fmt: skip
    if found.status in FAULTS:
        raise Refusal(f"scan-{found.status}", FAULTS[found.status], field="text")
    refuse_unready(round_, tube)
    entry = found.entry or (entry_of(round_, found.person, at=at) if found.person else None)
    if entry is None:
        raise Refusal("scan-unknown", FAULTS["unknown"], field="text")
    take_sample(entry=entry, tube=tube, word_id=word_id, by=by, at=at)
    return Scanned(tube, entry, added=found.entry is None)


def _refuse_odd(round_: Round, barcode: str, *, asked: bool) -> None:
    """Refusal for signs that no label has; and, before somebody has said that it is one, for what looks unlike the other
    tubes of the round."""
    if tube_by_barcode(round_.community_id, barcode) is not None or round_.tube_size is None:
        return
    if not is_plain(barcode):
        raise Refusal("tube-signs", FAULTS_OF_TUBES["signs"], field="text")
    if not asked and looks_unlike(round_, barcode):
        words = _("New tube %(barcode)s? It looks unlike the other tubes of this round.")
        raise Refusal("new-tube", words, field="text", barcode=barcode)


def _is_known_tube(round_: Round, kind: Given, text: str) -> bool:
    return kind is Given.PASSPORT and tube_by_barcode(round_.community_id, clean_barcode(text)) is not None


@transaction.atomic
def take_back_sample(*, entry: Entry, seen: UUID | None, word_id: UUID, by: User, at: datetime) -> Heard:
    """Takes the last scan of somebody back: they wait again, and are in no tube. Conflict when it is not as was seen."""
    if seen is None or entry.last != seen:
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    heard = hear_words([Word(word_id, entry.pk, EntryState.WAITING, base=seen)], by=by, at=at)[0]
    if heard.refusal is not None:
        raise heard.refusal
    return heard


@dataclass(frozen=True)
class SheetRow:
    """A ticked row of a paper sheet: `seen` the attempt that stood there when the page was opened."""

    entry_id: UUID
    tube: str = ""
    seen: UUID | None = None


class SheetRefused(Refusal):
    """Rows of a sheet that cannot be kept; `rows` entry id to sentence. Nothing of the sheet was kept."""

    def __init__(self, rows: dict[UUID, str]) -> None:
        super().__init__("sheet-rows", _("Some rows need a look. Nothing was kept yet."))
        self.rows = rows


@transaction.atomic
def enter_sheet(*, round_: Round, rows: Sequence[SheetRow], by: User, at: datetime) -> list[Heard]:
    """Enters a paper sheet later: all rows or none. What others said meanwhile is weighed as everywhere.

    SheetRefused names the rows; Refusal when nothing was ticked.
    """
    if not rows:
        raise Refusal("nothing-ticked", _("Tick who is done, or write the tube beside the name."))
    faults: dict[UUID, str] = {}
    words = []
    for row in rows:
        tube = clean_barcode(row.tube)
        fault = barcode_refusal(tube) if tube else None
        if fault is None and round_.tube_size and not tube:
            fault = Refusal("tube-missing", _("Write the barcode of the tube."))
        if fault is not None:
            faults[row.entry_id] = fault.sentence()
        words.append(Word(uuid7(), row.entry_id, EntryState.DONE, tube=tube, base=row.seen))
    if faults:
        raise SheetRefused(faults)
    heard = hear_words(words, by=by, at=at)
    faults = {one.word.entry_id: one.refusal.sentence() for one in heard if one.refusal is not None}
    if faults:
        raise SheetRefused(faults)
    return heard


def left_open(heard: Sequence[Heard]) -> int:
    """How many rows of a sheet did not stand: somebody had said something else meanwhile."""
    return sum(1 for one in heard if one.weight is not Weight.STANDS)
