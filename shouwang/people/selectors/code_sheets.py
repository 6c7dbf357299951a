"""Codes as they are handed out: who has one, and the family sheets of a household, a stairwell or a building."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from shouwang.core.errors import Refusal
from shouwang.core.scope import Scope
from shouwang.people.engines.drawings import code_svg, qr_svg
from shouwang.people.models import Household, Membership, Person, ResidentCode
from shouwang.people.rules import MOST_CARDS
from shouwang.people.selectors.codes import code_text, day_here, live_codes
from shouwang.people.selectors.households import households_for, in_family_order, members_of
from shouwang.places.models import Place
from shouwang.places.selectors import door_label, door_labels, place_for, places_for
from shouwang.places.states import Level

# Where sheets are printed together: what one person can carry around.
AT_ONCE = (Level.BUILDING, Level.STAIRWELL)


@dataclass(frozen=True)
class CodeLine:
    """One member of a household, and the last days of the codes in force (None: there is none)."""

    person_id: UUID
    name: str
    printed: date | None
    phone: date | None


@dataclass(frozen=True)
class Card:
    """One code as it is printed: `picture` is an SVG element that a stylesheet gives its size."""

    name: str
    valid_until: date
    picture: SafeString


@dataclass(frozen=True)
class FamilySheet:
    """The codes of one household. `missing`: how many of it have none to print yet."""

    door: str
    cards: tuple[Card, ...]
    missing: int


@dataclass(frozen=True)
class PlaceLine:
    """A building or stairwell: how many live there, and how many of them have a printed code in force."""

    place: Place
    people: int
    printed: int


def code_lines(members: Sequence[Membership], at: datetime) -> list[CodeLine]:
    """Each member with what there is. One query."""
    live = live_codes((row.person_id for row in members), at)
    return [_line(row, live.get(row.person_id, [])) for row in members]


def _line(row: Membership, codes: Sequence[ResidentCode]) -> CodeLine:
    printed = [code.valid_until for code in codes if not code.on_phone]
    phone = [code.valid_until for code in codes if code.on_phone]
    return CodeLine(row.person_id, row.person.name, max(printed, default=None), max(phone, default=None))


def picture_of(text: str) -> SafeString:
    """The QR code of a resident's code as an element for a template."""
    return mark_safe(code_svg(text))  # noqa: S308  (drawn here; the text is in no attribute and no element)


def link_picture(address: str) -> SafeString:
    """The QR code of an address."""
    return mark_safe(qr_svg(address))  # noqa: S308  (as above)


def household_sheet(household: Household, at: datetime) -> FamilySheet:
    """The sheet of one household, as far as there are codes."""
    members = members_of(household)
    live = live_codes((row.person_id for row in members), at)
    return _sheet(door_label(household.dwelling), members, live)


def _sheet(
    door: str, members: Sequence[Membership], live: Mapping[UUID, Sequence[ResidentCode]]
) -> FamilySheet:
    cards = []
    for row in members:
        printed = [code for code in live.get(row.person_id, ()) if not code.on_phone]
        if printed:
            best = max(printed, key=lambda code: (code.valid_until, code.made_at))
            cards.append(Card(row.person.name, best.valid_until, picture_of(code_text(best))))
    return FamilySheet(door, tuple(cards), len(members) - len(cards))


def printing_place(scope: Scope, place_id: UUID) -> Place:
    """The building or stairwell whose sheets are printed together, or 404."""
    place = place_for(scope, place_id, "register.edit")
    if place.level not in AT_ONCE:
        raise Http404
    return place


def _homes(scope: Scope, place: Place) -> QuerySet[Household]:
    """In the order in which they are handed out: one stairwell after the other, from the top floor down."""
    column = "building_id" if place.level == Level.BUILDING else "stairwell_id"
    return (
        households_for(scope, "register.edit")
        .filter(**{column: place.pk})
        .order_by(
            "dwelling__place__sort_key",
            F("dwelling__floor").desc(nulls_last=True),
            "dwelling__sort_key",
            "id",
        )
    )


def _families(homes: Iterable[Household]) -> dict[UUID, list[Membership]]:
    rows = Membership.objects.filter(
        household_id__in=[home.pk for home in homes],
        until_on__isnull=True,
        person__voided_at__isnull=True,
    ).select_related("person")
    found: dict[UUID, list[Membership]] = defaultdict(list)
    _refuse_too_many(len(rows))
    for row in rows:
        found[row.household_id].append(row)
    return {pk: in_family_order(members) for pk, members in found.items()}


def _refuse_too_many(cards: int) -> None:
    if cards > MOST_CARDS:
        raise Refusal(
            "too-many-cards",
            _(
                "%(cards)s people live here; sheets are printed for %(most)s at once at most. Print stairwell by stairwell."
            ),
            cards=cards,
            most=MOST_CARDS,
        )


def persons_to_print(scope: Scope, place: Place) -> list[Person]:
    """Everybody who lives in the building or stairwell now. Refusal `too-many-cards` when that is more than is printed at
    once."""
    families = _families(_homes(scope, place))
    return [row.person for members in families.values() for row in members]


def place_sheets(scope: Scope, place: Place, at: datetime) -> list[FamilySheet]:
    """The sheets of a building or stairwell, as they are handed out; households of whom nobody is on file are left out.

    A handful of queries, and some 4 ms a card. Refusal `too-many-cards`.
    """
    homes = list(_homes(scope, place))
    families = _families(homes)
    live = live_codes((row.person_id for members in families.values() for row in members), at)
    labels = door_labels([home.dwelling for home in homes])
    return [
        _sheet(labels[home.dwelling_id], families[home.pk], live) for home in homes if home.pk in families
    ]


def place_lines(scope: Scope, at: datetime) -> list[tuple[PlaceLine, list[PlaceLine]]]:
    """Every building within the scope with its stairwells, in the order people count them. Three queries."""
    places = list(places_for(scope, "register.edit").filter(level__in=AT_ONCE))
    stairs: dict[UUID | None, list[Place]] = defaultdict(list)
    for place in places:
        if place.level == Level.STAIRWELL:
            stairs[place.building_id].append(place)
    people, printed = _counts(scope, at, printed=False), _counts(scope, at, printed=True)

    def line(place: Place) -> PlaceLine:
        return PlaceLine(place, people.get(place.pk, 0), printed.get(place.pk, 0))

    whole = [place for place in places if place.level == Level.BUILDING]
    reached = {place.pk for place in whole}
    found = [(line(place), [line(below) for below in stairs[place.pk]]) for place in whole]
    # A head of a stairwell alone does not reach its building.
    return found + [(line(place), []) for pk, below in stairs.items() if pk not in reached for place in below]


def _counts(scope: Scope, at: datetime, *, printed: bool) -> dict[UUID, int]:
    """How many live in each building and stairwell; only those with a printed code in force if `printed`."""
    living = Q(memberships__until_on__isnull=True, memberships__household__until_on__isnull=True)
    persons = Person.objects.filter(scope.q("register.edit"), living, voided_at__isnull=True)
    if printed:
        persons = persons.filter(
            codes__link_digest__isnull=True,
            codes__revoked_at__isnull=True,
            codes__valid_until__gte=day_here(at),
        )
    rows = persons.values_list("building_id", "stairwell_id").annotate(many=Count("pk", distinct=True))
    counts: dict[UUID, int] = defaultdict(int)
    for building_id, stairwell_id, many in rows.order_by():
        for pk in {building_id, stairwell_id} - {None}:
            counts[pk] += many
    return counts
