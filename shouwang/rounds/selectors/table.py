"""The table: whom a scan means, who was taken last, and who came without an entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from shouwang.core.personal import BIRTH
from shouwang.core.scope import Scope
from shouwang.people.engines.codes import CodeStatus
from shouwang.people.models import Person
from shouwang.people.selectors import household_of, person_of_code, persons_by_number, search_people
from shouwang.places.models import Place
from shouwang.places.selectors import labels_of, leaf_places, place_for
from shouwang.rounds.engines.barcodes import Given, given_as
from shouwang.rounds.models import Attempt, Entry, Round, WalkIn
from shouwang.rounds.selectors import LEAD, MARK, Missing, lines_of, round_for, rounds_for
from shouwang.rounds.selectors.tubes import UNPLACED
from shouwang.rounds.states import OF_PEOPLE, OPEN_STATES, EntryState, Whom

LAST = 5
MOST_FOUND = 20


@dataclass(frozen=True)
class PersonRead:
    """Whom a code or number means: `fault` "" with the person, else code, check-digit, unknown or unreadable."""

    person: Person | None = None
    fault: str = ""


@dataclass(frozen=True)
class EntryFound:
    """What was looked for on a roster. `status`: ok (`entry`), several (`entries`), not-on-roster (`person`), elsewhere
    (out of this scope), or the fault of `PersonRead`."""

    status: str
    entry: Entry | None = None
    person: Person | None = None
    entries: tuple[Entry, ...] = field(default=())


def person_read(community_id: UUID, text: str, at: datetime) -> PersonRead:
    """Whom a resident's code or the number of a document means, in this community."""
    kind = given_as(text)
    if kind is Given.CODE:
        return _by_code(community_id, text, at)
    if kind is Given.PERHAPS_ID:
        return PersonRead(fault="check-digit")
    if kind not in (Given.ID_NUMBER, Given.PASSPORT):
        return PersonRead(fault="unreadable")
    found = persons_by_number(community_id, text)
    return PersonRead(found[0]) if len(found) == 1 else PersonRead(fault="unknown")


def _by_code(community_id: UUID, text: str, at: datetime) -> PersonRead:
    read = person_of_code(text, at)
    if read.person is None or read.person.community_id != community_id:
        known = read.status in (CodeStatus.EXPIRED, CodeStatus.REVOKED, CodeStatus.FORGED)
        return PersonRead(fault=str(read.status) if known else "code")
    return PersonRead(read.person)


def find_entry(
    round_: Round, scope: Scope, *, code: str = "", id_number: str = "", name: str = "", at: datetime
) -> EntryFound:
    """The entry that a code, a document's number or a name means, in the order in which a table asks for them."""
    if round_.whom not in OF_PEOPLE:
        return EntryFound("unknown")  # nobody is on a round over spots or stairwells
    if not (code or id_number):
        return _by_name(round_, scope, name)
    read = person_read(round_.community_id, code or id_number, at)
    if read.person is None:
        return EntryFound(read.fault)
    home = household_of(read.person)
    subject = Q(person=read.person) if round_.whom == Whom.PEOPLE else Q(household=home)
    entry = _entries(round_).filter(subject).first()
    placed = entry or read.person
    if not scope.covers(MARK, placed):
        return EntryFound("elsewhere")
    return EntryFound("ok", entry=entry) if entry else EntryFound("not-on-roster", person=read.person)


def _entries(round_: Round) -> QuerySet[Entry]:
    return Entry.objects.filter(round=round_).select_related(
        "round__kind", "person", "household__dwelling__place"
    )


def loaded(entries: QuerySet[Entry]) -> list[Entry]:
    """These entries with what their lines need."""
    return list(entries.select_related("round__kind", "person", "household__dwelling__place").order_by("pk"))


def _by_name(round_: Round, scope: Scope, name: str) -> EntryFound:
    """By a name, its letters, the end of a phone or a door, as the desk searches."""
    found = search_people(scope, name, MOST_FOUND * 2) if name.strip() else []
    persons = [row.person_id for row in found if row.person_id]
    homes = [row.household_id for row in found if row.person_id is None]
    subject = Q(person__in=persons) | Q(household__in=homes)
    if round_.whom == Whom.HOUSEHOLDS:
        subject = Q(household__in=[row.household_id for row in found])
    order: dict[UUID | None, int] = {pk: n for n, pk in enumerate(persons)}
    rows = sorted(
        _entries(round_).filter(subject, scope.q(MARK)),
        key=lambda row: (row.state not in OPEN_STATES, order.get(row.person_id, len(order))),
    )
    if not rows:
        return EntryFound("unknown")
    return EntryFound("several", entries=tuple(rows[:MOST_FOUND]))


@dataclass(frozen=True)
class Hit:
    """Somebody found by name. `born`: the year, where two of those shown are called the same and it may be read."""

    line: Missing
    born: int | None = None


def told_hits(scope: Scope, entries: Sequence[Entry]) -> list[Hit]:
    """Who was found, as whoever sits at the table tells them apart."""
    lines = lines_of(scope, entries)
    called = Counter(line.name for line in lines)
    return [Hit(line, _born(scope, line.entry) if called[line.name] > 1 else None) for line in lines]


def _born(scope: Scope, entry: Entry) -> int | None:
    readable = BIRTH in scope.classes_for(entry, "rounds.entry", entry.pk)
    return entry.person.birth_year if readable and entry.person is not None else None


def table_entry(scope: Scope, round_: Round, entry_id: UUID) -> Entry:
    """An entry of this round that the scope may mark, or 404."""
    found = _entries(round_).filter(scope.q(MARK), pk=entry_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Taken:
    """Somebody taken at the table: an entry's line, or a walk-in."""

    at: datetime
    name: str
    door: str
    tube: str
    entry: Entry | None = None
    walk_in: WalkIn | None = None


def taken_last(scope: Scope, round_: Round) -> list[Taken]:
    """The last few whom this user took, the latest first, those without an entry too."""
    mine = _entries(round_).filter(scope.q(MARK), by=scope.user, state=EntryState.DONE)
    lines = lines_of(scope, list(mine.order_by("-at", "-last")[:LAST]))
    said = Attempt.objects.filter(pk__in=[one.entry.last for one in lines])
    tubes: dict[UUID | None, str] = dict(said.values_list("pk", "tube"))
    found = [
        Taken(one.entry.at, one.name, one.door, tubes.get(one.entry.last, ""), entry=one.entry) for one in lines
    ]  # fmt: skip
    beside = WalkIn.objects.filter(UNPLACED, round=round_, by=scope.user).order_by("-at", "-id")[:LAST]
    found += [Taken(one.at, one.name, one.door, one.tube, walk_in=one) for one in beside]
    return sorted(found, key=lambda one: one.at, reverse=True)[:LAST]


def walk_ins_unplaced(round_: Round) -> int:
    """How many came without an entry and are not placed yet."""
    return WalkIn.objects.filter(UNPLACED, round=round_).count()


def walk_ins_of(round_: Round) -> list[WalkIn]:
    """Those who are not placed yet, in the order in which they came."""
    return list(WalkIn.objects.filter(UNPLACED, round=round_).select_related("by").order_by("at", "id"))


def walk_in_for(scope: Scope, walk_in_id: UUID) -> WalkIn:
    """A walk-in, or 404: to place one is for those who lead rounds."""
    rows = WalkIn.objects.filter(
        round__in=rounds_for(scope, LEAD), community_id__in=scope.ids(LEAD, "community_id")
    )
    found = rows.select_related("round", "by", "person").filter(pk=walk_in_id).first()
    if found is None:
        raise Http404
    return found


def own_walk_in(scope: Scope, round_: Round, walk_in_id: UUID) -> WalkIn:
    """A walk-in whom this user took at the table, or 404."""
    found = WalkIn.objects.filter(round=round_, by=scope.user, pk=walk_in_id).first()
    if found is None:
        raise Http404
    return found


def rounds_with_walk_ins(scope: Scope) -> list[tuple[Round, int, datetime]]:
    """(round, how many are not placed, since when) where the scope leads."""
    rows = WalkIn.objects.filter(UNPLACED, community_id__in=scope.ids(LEAD, "community_id")).order_by(
        "at", "id"
    )
    found: dict[UUID, tuple[Round, int, datetime]] = {}
    for row in rows.select_related("round"):
        round_, number, since = found.get(row.round_id, (row.round, 0, row.at))
        found[row.round_id] = (round_, number + 1, since)
    return list(found.values())


def table_round_for(scope: Scope, round_id: UUID) -> Round:
    """A round whose people come to a point and its table; else 404."""
    found = round_for(scope, round_id)
    if not found.at_point:
        raise Http404
    return found


# Paper sheets


def sheet_leaves(scope: Scope, round_: Round) -> list[Place]:
    """The leaf places of a roster of which the scope may enter a paper sheet."""
    rows = Entry.objects.filter(scope.q(MARK), round=round_).order_by()
    leaves = {
        stairwell or building
        for stairwell, building in rows.values_list("stairwell_id", "building_id").distinct()
    }
    return [place for place in leaf_places(round_.community_id) if place.pk in leaves]


def named_leaves(scope: Scope, round_: Round) -> list[tuple[Place, str]]:
    """The same with what people call them."""
    leaves = sheet_leaves(scope, round_)
    labels = labels_of(leaf.pk for leaf in leaves)
    return [(leaf, labels[leaf.pk]) for leaf in leaves]


def leaf_label(leaf: Place) -> str:
    """What people call a leaf place."""
    return labels_of([leaf.pk])[leaf.pk]


def sheet_leaf(scope: Scope, place_id: UUID) -> Place:
    """The stairwell (or building without any) of a paper sheet, or 404."""
    return place_for(scope, place_id, MARK)


def sheet_lines(scope: Scope, round_: Round, leaf: Place) -> list[Missing]:
    """Everybody of the roster there, top floor first, settled ones too."""
    here = Q(stairwell_id=leaf.pk) | Q(stairwell_id__isnull=True, building_id=leaf.pk)
    rows = _entries(round_).filter(here, scope.q(MARK))
    return lines_of(scope, list(rows.order_by("sort_key", "id")))
