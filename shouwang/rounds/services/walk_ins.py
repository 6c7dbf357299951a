"""Those who come to the table without an entry: taken in at once, placed when it is known who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.locks import share_lock
from shouwang.core.scope import Scope
from shouwang.people.engines.names import clean_name
from shouwang.people.engines.numbers import clean_id, clean_phone, is_resident_id
from shouwang.people.models import Household, Person
from shouwang.people.selectors import household_of, members_of, persons_by_number
from shouwang.people.selectors.matching import id_number_index
from shouwang.people.services import add_person
from shouwang.people.states import IdKind, Relation
from shouwang.rounds.models import Attempt, Entry, Round, WalkIn
from shouwang.rounds.selectors import MARK
from shouwang.rounds.services.beginning import add_entries
from shouwang.rounds.services.filling import barcode_refusal, make_tubes
from shouwang.rounds.services.following import keep_follow_up_true
from shouwang.rounds.services.marking import Heard, Word, hear_words
from shouwang.rounds.states import FOLLOWED, OF_PEOPLE, Document, EntryState, RoundState, Whom, Why


@dataclass(frozen=True)
class WalkedIn:
    """What became of somebody without an entry: a walk-in, or, when the number says who it is, the entry's word."""

    walk_in: WalkIn | None = None
    heard: Heard | None = None


@dataclass(frozen=True)
class Shown:
    """What somebody said and showed at the table. `document` one of Document, `number` of it, `door` in words."""

    name: str
    document: str = Document.NONE
    number: str = ""
    door: str = ""
    phone: str = ""
    tube: str = ""
    note: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def add_walk_in(
    *, round_: Round, shown: Shown, walk_in_id: UUID, scope: Scope, by: User, at: datetime | None = None,
    claimed_at: datetime | None = None,
) -> WalkedIn:  # fmt: skip
    """Takes in somebody without an entry; the same id again answers the same.

    When the number is in the register, and within what `scope` may mark, the person comes onto the roster and is done.
    Refusals, each at its field: name-missing, id-doubtful, number-missing, tube-…; Conflict when the round is closed.
    """
    at = at or clock.now()
    known = WalkIn.objects.filter(pk=walk_in_id).first()
    if known is not None:
        return WalkedIn(walk_in=known)
    if Attempt.objects.filter(pk=walk_in_id).exists():
        return WalkedIn()
    _lock_open(round_)
    _refuse_unfit(shown)
    person = _known_person(round_, shown, scope)
    if person is not None:
        entry = entry_of(round_, person, at=at)
        if entry is not None:
            # Without a base: another sample of theirs, in another tube, is left to a person.
            word = Word(
                walk_in_id, entry.pk, EntryState.DONE, note=shown.note, tube=shown.tube, answers=shown.answers,
                claimed_at=claimed_at,
            )  # fmt: skip
            return WalkedIn(heard=hear_words([word], by=by, at=at)[0])
    return WalkedIn(walk_in=_keep(round_, shown, walk_in_id, by=by, at=at))


def _lock_open(round_: Round) -> None:
    rows = share_lock(Round.objects.filter(pk=round_.pk))
    if not rows or rows[0].state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    _refuse_places(round_)


def _refuse_places(round_: Round) -> None:
    if round_.whom not in OF_PEOPLE:
        raise Refusal(
            "not-of-people",
            _("This round goes over spots or stairwells; nobody comes to it. Choose another round."),
        )


def _refuse_unfit(shown: Shown) -> None:
    if not clean_name(shown.name):
        raise Refusal("name-missing", _("Write the name as they say it."), field="name")
    if shown.document not in Document.values:
        raise Refusal("document-unknown", _("Choose what they showed."), field="document")
    number = clean_id(shown.number)
    if shown.document == Document.ID and number and not is_resident_id(number):
        raise Refusal(
            "id-doubtful", _("The ID number has a slip in it: its last character does not fit. Read it once more."),
            field="number",
        )  # fmt: skip
    if shown.document == Document.PASSPORT and not number:
        raise Refusal("number-missing", _("Write the number of the passport or document."), field="number")
    fault = barcode_refusal(shown.tube, shortest=1) if shown.tube else None
    if fault is not None:
        raise fault


def _known_person(round_: Round, shown: Shown, scope: Scope) -> Person | None:
    """Whom the number means, if exactly one lives here and the scope may mark them."""
    if shown.document not in (Document.ID, Document.PASSPORT):
        return None
    found = [
        person for person in persons_by_number(round_.community_id, shown.number) if scope.covers(MARK, person)
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def entry_of(round_: Round, person: Person, *, at: datetime) -> Entry | None:
    """The person's entry (or the household's), put on the roster now where there is none; None without a home.

    Refusal in a round over spots or stairwells, in which nobody is.
    """
    _refuse_places(round_)
    home = household_of(person)
    if home is None:
        return None
    subject = {"person": person} if round_.whom == Whom.PEOPLE else {"household": home}
    found = Entry.objects.filter(round=round_, **subject).first()
    if found is not None:
        return found
    living = [row for row in members_of(home) if row.person_id == person.pk]
    try:
        with transaction.atomic():
            return add_entries(round_, living, Why.WALK_IN, at)[0]
    except IntegrityError:  # another table was quicker
        return Entry.objects.get(round=round_, **subject)


def _keep(round_: Round, shown: Shown, walk_in_id: UUID, *, by: User, at: datetime) -> WalkIn:
    number = clean_id(shown.number)
    walk_in = WalkIn(
        pk=walk_in_id, community_id=round_.community_id, round=round_, name=clean_name(shown.name)[:60],
        document=shown.document, number=number[:30], number_index=id_number_index(number), door=shown.door.strip()[:60],
        phone=clean_phone(shown.phone)[:20], tube=shown.tube, by=by, at=at,
    )  # fmt: skip
    walk_in.save(force_insert=True)
    if shown.tube and round_.tube_size:
        make_tubes({(round_.community_id, shown.tube): round_}, by=by, at=at)
    write_audit("rounds.walk_in.added", by=by, at=at, subject=walk_in)
    return walk_in


@transaction.atomic
def take_back_walk_in(*, walk_in: WalkIn, by: User, at: datetime | None = None) -> WalkIn:
    """Takes a walk-in back that was entered in error. Conflict when that was done, or when they have been placed."""
    at = at or clock.now()
    rows = WalkIn.objects.filter(pk=walk_in.pk, taken_back_at__isnull=True, placed_at__isnull=True)
    if not rows.update(taken_back_at=at):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    write_audit("rounds.walk_in.taken_back", by=by, at=at, subject=walk_in)
    walk_in.refresh_from_db()
    return walk_in


@transaction.atomic
def place_walk_in(*, walk_in: WalkIn, person: Person, by: User, at: datetime | None = None) -> WalkIn:
    """Says who a walk-in is: the person comes onto the roster with the sample that was taken, and number, door and phone
    are forgotten.

    Where another sample of the same person is there already, both are left to a person to decide. After the round was
    closed the roster stays as it is, and only who it was is kept, so that a tube's result reaches them.
    """
    at = at or clock.now()
    if person.community_id != walk_in.community_id:
        raise Refusal("other-community", _("This person lives in another community."), field="person")
    blank = {"number": "", "number_index": "", "door": "", "phone": ""}
    rows = WalkIn.objects.filter(pk=walk_in.pk, placed_at__isnull=True, taken_back_at__isnull=True)
    if not rows.update(person=person, placed_at=at, placed_by=by, **blank):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    round_ = share_lock(Round.objects.filter(pk=walk_in.round_id))[0]
    if round_.state == RoundState.OPEN:
        _enter(round_, walk_in, person, by=by, at=at)
    elif round_.tubes.filter(barcode=walk_in.tube, result__in=FOLLOWED).exists():
        keep_follow_up_true(round_, by=by, at=at)
    write_audit("rounds.walk_in.placed", by=by, at=at, subject=walk_in, person_id=person.pk)
    walk_in.refresh_from_db()
    return walk_in


def _enter(round_: Round, walk_in: WalkIn, person: Person, *, by: User, at: datetime) -> None:
    entry = entry_of(round_, person, at=at)
    if entry is None:
        raise Refusal(
            "no-home", _("The register knows no door of this person. Enter one first."), field="person"
        )
    WalkIn.objects.filter(pk=walk_in.pk).update(entry=entry)
    word = Word(uuid5(walk_in.pk, "placed"), entry.pk, EntryState.DONE, tube=walk_in.tube)
    heard = hear_words([word], by=by, at=at)[0]
    if heard.refusal is not None:
        raise heard.refusal


@transaction.atomic
def enter_walk_in_person(
    *,
    walk_in: WalkIn,
    household: Household,
    relation: str = Relation.OTHER,
    by: User,
    at: datetime | None = None,
) -> WalkIn:
    """Enters a walk-in who is not in the register, a newborn for instance, as a member of a household, and places them."""
    at = at or clock.now()
    kinds = {Document.ID: IdKind.RESIDENT_ID, Document.PASSPORT: IdKind.PASSPORT}
    kind = kinds.get(Document(walk_in.document), "")
    person = add_person(
        household=household, name=walk_in.name, relation=relation, phone=walk_in.phone, id_kind=kind,
        id_number=walk_in.number if kind else "", by=by, at=at,
    )  # fmt: skip
    return place_walk_in(walk_in=walk_in, person=person, by=by, at=at)
