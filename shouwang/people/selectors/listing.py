"""Pages of lists: households by filter and page, care flags to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shouwang.core.clock import local_day
from shouwang.core.scope import Scope
from shouwang.people.models import CareFlag, Household, Stay
from shouwang.people.rules import may_read_flag
from shouwang.people.selectors.care import flag_words, proposals_for, reviews_due, source_words
from shouwang.people.selectors.finding import household_url
from shouwang.people.selectors.households import heads_of, households_for
from shouwang.people.selectors.search import Row, household_rows, search_people
from shouwang.people.states import CareState
from shouwang.places.models import Place
from shouwang.places.selectors import door_labels, places_for
from shouwang.places.states import Level

A_PAGE = 40
QUEUE = 200
FILTERS = ("all", "care", "alone", "away")


@dataclass(frozen=True)
class Line:
    """One line as shown: `care` in words, only what the reader may read."""

    row: Row
    url: str
    care: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """A page of the list with its filters."""

    lines: list[Line]
    chips: list[dict[str, Any]]
    buildings: list[dict[str, Any]]
    pager: Mapping[str, Any] | None
    total: int


def pager_of(page: Page[Any], query: Mapping[str, str]) -> Mapping[str, Any]:
    """What ui's pager draws, keeping the other parameters of the address."""

    def address(number: int) -> str:
        kept = {key: value for key, value in query.items() if key != "page"}
        return f"?{urlencode({**kept, 'page': number})}"

    return {
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
        "shown": len(page),
        "total": page.paginator.count,
    }


def _filtered(scope: Scope, chosen: str, rows: QuerySet[Household]) -> QuerySet[Household]:
    lasting = Q(memberships__until_on__isnull=True, memberships__person__voided_at__isnull=True)
    if chosen == "care":
        flags = CareFlag.objects.filter(
            scope.q("care.see"), household=OuterRef("pk"), state=CareState.ACCEPTED
        )
        return rows.filter(Exists(flags))
    if chosen == "alone":
        return rows.alias(living=Count("memberships", filter=lasting)).filter(living=1)
    if chosen == "away":
        away = Stay.objects.filter(
            until_at__isnull=True,
            person__memberships__household=OuterRef("pk"),
            person__memberships__until_on__isnull=True,
        )
        return rows.filter(Exists(away))
    return rows


def household_page(scope: Scope, query: Mapping[str, str]) -> Listing:
    """One page of households; `show` one of FILTERS, `building` an id, `page` a number. Unknown values show all."""
    chosen = query.get("show", "all")
    building = _building(scope, query.get("building", ""))
    rows = households_for(scope)
    if building:
        rows = rows.filter(building_id=building.pk)
    rows = _filtered(scope, chosen, rows).order_by("dwelling__place__sort_key", "dwelling__sort_key", "id")
    page = Paginator(rows, A_PAGE).get_page(query.get("page"))
    ids = [row.pk for row in page]
    shown = household_rows(
        households_for(scope)
        .filter(pk__in=ids)
        .order_by("dwelling__place__sort_key", "dwelling__sort_key", "id")
    )
    return Listing(
        lines=[_line(scope, row) for row in shown],
        chips=_chips(chosen, building),
        buildings=_buildings(scope, building),
        pager=pager_of(page, query),
        total=page.paginator.count,
    )


def search_page(scope: Scope, text: str) -> Listing:
    """The households that a search means, each once."""
    ids = list(dict.fromkeys(found.household_id for found in search_people(scope, text, limit=A_PAGE)))
    rows = {row.household.pk: row for row in household_rows(households_for(scope).filter(pk__in=ids))}
    lines = [_line(scope, rows[pk]) for pk in ids if pk in rows]
    return Listing(lines, _chips("", None), _buildings(scope, None), None, len(lines))


def _line(scope: Scope, row: Row) -> Line:
    classes = scope.classes_for(row.household)
    readable = [kind for kind in dict.fromkeys(row.flags) if may_read_flag(kind, classes)]
    return Line(row, household_url(row.household.pk), tuple(flag_words(kind) for kind in readable))


def _building(scope: Scope, said: str) -> Place | None:
    try:
        wanted = UUID(said)
    except ValueError:
        return None
    found = places_for(scope, "register.see", Level.BUILDING).filter(pk=wanted).first()
    if found is None:
        raise Http404
    return found


def _chips(chosen: str, building: Place | None) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "care": _("To be thought of"),
        "alone": _("One person"),
        "away": _("Somebody is away"),
    }
    kept = {"building": building.pk} if building else {}
    return [
        {"label": labels[code], "url": f"?{urlencode({**kept, 'show': code})}", "current": code == chosen}
        for code in FILTERS
    ]


def _buildings(scope: Scope, building: Place | None) -> list[dict[str, Any]]:
    return [
        {
            "id": str(place.pk),
            "label": place.name,
            "current": building is not None and place.pk == building.pk,
        }
        for place in places_for(scope, "register.see", Level.BUILDING)
    ]


def care_rows(scope: Scope, at: datetime) -> dict[str, Any]:
    """Proposals and reviews that the reader may read, each with door, name and file."""
    day = local_day(at, settings.TIME_ZONE)
    return {
        "proposals": _told(scope, list(proposals_for(scope)[:QUEUE])),
        "reviews": _told(scope, list(reviews_due(scope, day)[:QUEUE])),
    }


def _told(scope: Scope, flags: list[CareFlag]) -> list[dict[str, Any]]:
    readable = [flag for flag in flags if may_read_flag(flag.kind, scope.classes_for(flag))]
    labels = door_labels([flag.household.dwelling for flag in readable])
    heads = heads_of(flag.household_id for flag in readable)
    return [
        {
            "flag": flag,
            "label": flag_words(flag.kind),
            "source": source_words(flag.source),
            "door": labels[flag.household.dwelling_id],
            "name": flag.person.name if flag.person else _head_name(heads, flag.household_id),
            "url": household_url(flag.household_id),
        }
        for flag in readable
    ]


def _head_name(heads: Mapping[UUID, Any], household_id: UUID) -> str:
    return heads[household_id].person.name if household_id in heads else ""
