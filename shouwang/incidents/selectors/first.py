"""Who is to be reached first: households inside the line with what the protocol names, most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouwang.core.personal import NAME, PHONE
from shouwang.core.scope import Scope
from shouwang.incidents.models import FirstCheck, Incident
from shouwang.incidents.selectors import incident_for, incidents_for
from shouwang.incidents.states import IncidentState, Reached
from shouwang.people.models import CareFlag, Household
from shouwang.people.rules import may_read_flag
from shouwang.people.selectors import flag_words, heads_of, households_in, households_with
from shouwang.places.selectors import door_labels

SEE = "care.see"


@dataclass(frozen=True)
class First:
    """One household. `why` the flags that the reader may read; `name` and `phone` empty where they may not be read."""

    household: Household
    door: str
    floor: int | None
    name: str
    phone: str
    why: Sequence[str]
    rank: int
    check: FirstCheck | None

    @property
    def open(self) -> bool:
        """Whether somebody still has to ring or knock."""
        return self.check is None or self.check.state == Reached.NO_ANSWER

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Unreached before reached, by what they depend on, upper floors first: the stairs are longest there."""
        needs_help = self.check is not None and self.check.state == Reached.NEEDS_HELP
        return (0 if needs_help else 1 if self.open else 2, self.rank, -(self.floor or 0), self.door)


def first_kinds(incident: Incident) -> tuple[str, ...]:
    """The care flags that the incident's protocol puts first; empty when it has no such list."""
    return tuple(incident.first)


def _inside(scope: Scope, incident: Incident) -> QuerySet[Household]:
    from shouwang.incidents.selectors import _inside as inside
    from shouwang.incidents.selectors import _now_inside as now_inside

    return households_in(incident.community_id).filter(scope.q(SEE)).filter(inside(now_inside(incident)))


def first_rows(scope: Scope, incident: Incident) -> list[First]:
    """Everybody to be reached first within the scope, most pressing first."""
    kinds = first_kinds(incident)
    inside = _inside(scope, incident)
    flags = households_with(kinds, inside)
    homes = list(inside.filter(pk__in=flags))
    checks = {row.household_id: row for row in incident.first_checks.select_related("by")}
    doors = door_labels([home.dwelling for home in homes])
    heads = heads_of(flags)
    rows = [
        _row(
            scope,
            home,
            doors[home.dwelling_id],
            flags[home.pk],
            kinds,
            checks.get(home.pk),
            heads.get(home.pk),
        )
        for home in homes
    ]
    return sorted(rows, key=lambda row: row.order)


def _row(
    scope: Scope, home: Household, door: str, flags: list[CareFlag], kinds: Sequence[str],
    check: FirstCheck | None, head: object,
) -> First:  # fmt: skip
    classes = scope.classes_for(home)
    person = flags[0].person or getattr(head, "person", None)
    phone = getattr(person, "phone", "") or getattr(getattr(head, "person", None), "phone", "")
    return First(
        household=home,
        door=door,
        floor=home.dwelling.floor,
        name=person.name if person is not None and NAME in classes else "",
        phone=phone if PHONE in classes else "",
        why=list(dict.fromkeys(flag_words(flag.kind) for flag in flags if may_read_flag(flag.kind, classes))),
        rank=kinds.index(flags[0].kind),
        check=check,
    )


def household_to_reach(scope: Scope, incident_id: UUID, household_id: UUID) -> tuple[Incident, Household]:
    """An incident and one of the households on its list, or 404."""
    from django.http import Http404

    incident = incident_for(scope, incident_id)
    home = _inside(scope, incident).filter(pk=household_id).first()
    if home is None or not households_with(
        first_kinds(incident), _inside(scope, incident).filter(pk=household_id)
    ):
        raise Http404
    return incident, home


def left_to_reach(scope: Scope, at: datetime) -> list[tuple[Incident, int, int]]:
    """Open incidents with such a list: (incident, still to be reached, all). Nothing is asked where there is none."""
    having_one = Incident.objects.filter(state=IncidentState.OPEN).exclude(first=[])
    if not having_one.exists():
        return []
    found = incidents_for(scope, SEE).filter(pk__in=having_one)
    counted = []
    for incident in found:
        wanted = set(households_with(first_kinds(incident), _inside(scope, incident)))
        done = set(
            incident.first_checks.exclude(state=Reached.NO_ANSWER).values_list("household_id", flat=True)
        )
        counted.append((incident, len(wanted - done), len(wanted)))
    return counted
