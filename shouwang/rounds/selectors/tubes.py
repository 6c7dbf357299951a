"""Tubes: how many people are in each, who they are, and which wait for a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.people.selectors import household_of
from shouwang.places.models import STAMP
from shouwang.rounds.engines.barcodes import shape_of
from shouwang.rounds.engines.order import place_in_list
from shouwang.rounds.models import Attempt, Consignment, Entry, Round, Tube, WalkIn, WasteBag
from shouwang.rounds.selectors import LEAD, MARK, rounds_for
from shouwang.rounds.states import FOLLOWED, SENDABLE, EntryState, TubeResult, TubeState

# Against how many tubes a new one is held.
LATELY = 200
RESULT_AFTER = timedelta(hours=24)
UNPLACED = Q(placed_at__isnull=True, taken_back_at__isnull=True)
# Beside the roster: not placed, or only after the round was closed.
BESIDE = Q(entry__isnull=True, taken_back_at__isnull=True)


@dataclass(frozen=True)
class TubeRow:
    """A tube and how many people are in it. `is_over`: more than it is for, which a person should look at."""

    tube: Tube
    people: int

    @property
    def left(self) -> int:
        return max(self.tube.size - self.people, 0)

    @property
    def is_full(self) -> bool:
        return self.tube.state != TubeState.FILLING or self.people >= self.tube.size

    @property
    def is_over(self) -> bool:
        return self.people > self.tube.size


@dataclass(frozen=True)
class InTube:
    """Somebody in a tube, as a round of single samples needs it. `key`: the entry's id, or the walk-in's."""

    key: UUID
    household_id: UUID | None
    person_id: UUID | None
    stamp: Mapping[str, object]
    sort_key: str


def attempts_in_tubes(barcodes: Iterable[str]) -> QuerySet[Attempt]:
    """The attempts by which somebody is in one of these tubes: they count, and say how their entry stands."""
    return Attempt.objects.filter(
        tube__in=set(barcodes), counts=True, state=EntryState.DONE, pk=F("entry__last")
    )


def rows_of(tubes: Sequence[Tube]) -> list[TubeRow]:
    """How many are in each of these tubes, those without an entry too, with two queries."""
    barcodes, rounds = {tube.barcode for tube in tubes}, {tube.round_id for tube in tubes}
    counted: Counter[tuple[UUID, str]] = Counter()
    if tubes:
        entries = attempts_in_tubes(barcodes).filter(entry__round__in=rounds).order_by()
        for row in entries.values("entry__round_id", "tube").annotate(n=Count("pk")):
            counted[row["entry__round_id"], row["tube"]] += row["n"]
        beside = WalkIn.objects.filter(BESIDE, round__in=rounds, tube__in=barcodes).order_by()
        for row in beside.values("round_id", "tube").annotate(n=Count("pk")):
            counted[row["round_id"], row["tube"]] += row["n"]
    return [TubeRow(tube, counted[tube.round_id, tube.barcode]) for tube in tubes]


def row_of(tube: Tube) -> TubeRow:
    """The same of one tube."""
    return rows_of([tube])[0]


def tubes_in(round_: Round) -> list[TubeRow]:
    """Every tube of a round, the latest first."""
    found = round_.tubes.select_related("opened_by", "result_by", "consignment").order_by("-opened_at", "-id")
    return rows_of(list(found))


def tube_by_barcode(community_id: UUID, barcode: str) -> Tube | None:
    """The tube with this barcode in the community, of whichever round."""
    return Tube.objects.select_related("round").filter(community_id=community_id, barcode=barcode).first()


def looks_unlike(round_: Round, barcode: str) -> bool:
    """Whether this barcode is of no tube of the round and is shaped unlike all of those that were opened lately."""
    rows = Tube.objects.filter(round=round_).order_by("-opened_at", "-id")
    known = list(rows.values_list("barcode", flat=True)[:LATELY])
    return bool(known) and barcode not in known and shape_of(barcode) not in {shape_of(one) for one in known}


def tube_for(scope: Scope, tube_id: UUID, capability: str = MARK) -> Tube:
    """A tube, or 404: for those who lead rounds there, and, while it stands at the table, for whoever opened it."""
    found = (
        Tube.objects.select_related("round")
        .filter(pk=tube_id, round__in=rounds_for(scope, capability))
        .first()
    )
    if found is None or not (_leads(scope, found) or (capability == MARK and _holds(scope, found))):
        raise Http404
    return found


def _leads(scope: Scope, tube: Tube) -> bool:
    return tube.community_id in scope.ids(LEAD, "community_id")


def _holds(scope: Scope, tube: Tube) -> bool:
    return tube.takes_more and scope.user is not None and tube.opened_by_id == scope.user.pk


def table_tube(scope: Scope, round_: Round, tube_id: UUID | None) -> Tube | None:
    """The tube that stands on this table: one of this round; None for none, or for one that is not."""
    if tube_id is None:
        return None
    return Tube.objects.filter(pk=tube_id, round=round_, round__in=rounds_for(scope)).first()


def consignment_for(scope: Scope, consignment_id: UUID) -> Consignment:
    """Tubes that left together, or 404."""
    rows = Consignment.objects.select_related("round", "sent_by")
    found = rows.filter(pk=consignment_id, round__in=rounds_for(scope, LEAD)).first()
    if found is None or found.community_id not in scope.ids(LEAD, "community_id"):
        raise Http404
    return found


def entries_in(tube: Tube) -> QuerySet[Entry]:
    """The entries of those who are in the tube."""
    named = attempts_in_tubes([tube.barcode]).filter(entry=OuterRef("pk"))
    return Entry.objects.filter(Exists(named), round=tube.round_id)


def undecided_in(tube: Tube) -> QuerySet[Entry]:
    """Entries in dispute of which one word names this tube: their sample may be in it."""
    named = Attempt.objects.filter(entry=OuterRef("pk"), tube=tube.barcode)
    return Entry.objects.filter(Exists(named), round=tube.round_id, disputed=True)


def walk_ins_in(tube: Tube) -> QuerySet[WalkIn]:
    """Those in the tube who have no entry."""
    return WalkIn.objects.filter(BESIDE, round=tube.round_id, tube=tube.barcode).order_by("at", "id")


def followed_tubes(round_: Round) -> list[Tube]:
    """Tubes whose people are sampled singly. Of single samples themselves only an unclear one is taken again."""
    results = FOLLOWED if round_.follows_id is None else (TubeResult.UNCLEAR,)
    return list(round_.tubes.filter(result__in=results).order_by("pk"))


def contents_of(tube: Tube) -> list[InTube]:
    """Everybody whose sample is, or may be, in the tube and who is on file; those placed after the round closed too."""
    both = (entries_in(tube) | undecided_in(tube)).order_by("pk")
    found = [InTube(one.pk, one.household_id, one.person_id, one.stamp(), one.sort_key) for one in both]
    late = WalkIn.objects.filter(
        round=tube.round_id, tube=tube.barcode, person__isnull=False, entry__isnull=True
    )
    for walk_in in late.select_related("person").order_by("pk"):
        home = household_of(walk_in.person) if walk_in.person else None
        if home is not None:
            stamp = {name: getattr(home, name) for name in STAMP}
            door = home.dwelling
            key = place_in_list(door.place.sort_key, door.floor, door.sort_key)
            found.append(InTube(walk_in.pk, home.pk, walk_in.person_id, stamp, key))
    return found


def strays_of(round_: Round) -> list[tuple[str, int]]:
    """Barcodes that words of this round name though the tube belongs to another round, with how many people."""
    if not round_.tube_size:
        return []
    own = Exists(Tube.objects.filter(round=round_, barcode=OuterRef("tube")))
    named = Attempt.objects.filter(
        entry__round=round_, counts=True, state=EntryState.DONE, pk=F("entry__last")
    )
    beside = WalkIn.objects.filter(BESIDE, round=round_)
    counted: Counter[str] = Counter()
    for rows in (named, beside):
        found = rows.exclude(tube="").filter(~own).order_by("tube").values("tube").annotate(n=Count("pk"))
        counted.update({row["tube"]: row["n"] for row in found})
    return sorted(counted.items())


def tubes_without_result(scope: Scope, at: datetime) -> list[tuple[Round, int, datetime]]:
    """(round, how many tubes, since when the oldest) that were sent longer than a day ago and have no result."""
    late = Tube.objects.filter(
        community_id__in=scope.ids(LEAD, "community_id"), state=TubeState.AWAY, sent_at__lt=at - RESULT_AFTER
    )
    rows = list(late.select_related("round").order_by("sent_at", "id"))
    found: dict[UUID, tuple[Round, int, datetime]] = {}
    for tube in rows:
        round_, number, since = found.get(tube.round_id, (tube.round, 0, tube.sent_at or at))
        found[tube.round_id] = (round_, number + 1, since)
    return list(found.values())


def sendable_tubes(round_: Round) -> list[TubeRow]:
    """Tubes with somebody in them that are still here, the oldest first."""
    here = rows_of(list(round_.tubes.filter(state__in=SENDABLE).order_by("opened_at", "id")))
    return [row for row in here if row.people]


@dataclass(frozen=True)
class ResultCounts:
    """How many tubes of a round stand how."""

    tubes: int
    here: int
    away: int
    negative: int
    positive: int
    unclear: int


def result_counts(round_: Round) -> ResultCounts:
    """The counts of the results page, with one query."""
    states: Counter[str] = Counter()
    results: Counter[str] = Counter()
    for row in round_.tubes.order_by().values("state", "result").annotate(n=Count("pk")):
        states[row["state"]] += row["n"]
        results[row["result"]] += row["n"]
    return ResultCounts(
        tubes=sum(states.values()), here=sum(states[state] for state in SENDABLE), away=states[TubeState.AWAY],
        negative=results[TubeResult.NEGATIVE], positive=results[TubeResult.POSITIVE],
        unclear=results[TubeResult.UNCLEAR],
    )  # fmt: skip


def barcodes_known(round_: Round, barcodes: Iterable[str]) -> dict[str, str]:
    """Of these barcodes those of the round's tubes, with the result that is in ("" for none)."""
    rows = round_.tubes.filter(barcode__in=set(barcodes))
    return dict(rows.values_list("barcode", "result"))


def table_past(before: datetime) -> QuerySet[Round]:
    """Rounds that were closed before this instant and of whose table something is left that says of people."""
    tubes = Tube.objects.filter(round=OuterRef("pk"))
    walk_ins = WalkIn.objects.filter(round=OuterRef("pk"))
    sent = Consignment.objects.filter(round=OuterRef("pk"))
    bags = WasteBag.objects.filter(round=OuterRef("pk")).exclude(collected_by="")
    left = Exists(tubes) | Exists(walk_ins) | Exists(sent) | Exists(bags)
    return Round.objects.filter(left, closed_at__lt=before).order_by("pk")
