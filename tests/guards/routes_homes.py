"""The household of a corner of the routes' world, with all that is on file of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shouwang.core.actors import OPERATOR
from shouwang.people import services as people
from shouwang.people.models import Contradiction, Person
from shouwang.people.selectors.contradictions import marks_of

CARE_NOTE, HOUSEHOLD_NOTE = "护理备注", "家庭备注"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int) -> str:
    """A made-up ID number (a region that is not assigned) with the right check digit."""
    body = f"15019919410305{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def household_of(corner: dict[str, Any], mark: str, number: int, at: datetime) -> dict[str, Any]:
    """Who lives there, what care they need, whom to ring; by the names of Corner."""
    home = people.open_household(dwelling=corner["dwelling"], by=OPERATOR, at=at)
    people.note_household(household=home, note=HOUSEHOLD_NOTE + mark, by=OPERATOR, at=at)
    head = people.add_person(
        household=home, name=f"李{mark}", relation="head", phone=f"1990007{number:04d}", id_kind="resident_id",
        id_number=id_number(number), by=OPERATOR, at=at,
    )  # fmt: skip
    relative = people.add_person(household=home, name=f"李小{mark}", relation="child", by=OPERATOR, at=at)
    twice = people.add_person(household=home, name=f"李双{mark}", by=OPERATOR, at=at)
    contradiction = _two_words(relative, mark, at)
    _code, phone_link = people.give_phone_code(person=head, by=OPERATOR, at=at)
    about = {"household": home, "person": head, "by": OPERATOR, "at": at, "note": CARE_NOTE + mark}
    return {
        "merge": people.merge_persons(survivor=relative, alias=twice, by=OPERATOR, at=at),
        "contradiction": contradiction,
        "household": home,
        "code": people.issue_codes(persons=[head], by=OPERATOR, at=at)[0],
        "phone_link": phone_link,
        "person": head,
        "relative": relative,
        "flag": people.add_flag(kind="dialysis", source="来电", **about),
        "proposed": people.add_flag(kind="oxygen", source="来电", state="proposed", **about),
        "contact": people.add_contact(
            person=head, name=f"女儿{mark}", phone=f"1990008{number:04d}", by=OPERATOR, at=at
        ),
        "proxy": people.add_proxy(
            household=home,
            kind="neighbour",
            name=f"邻居{mark}",
            phone=f"1990008{number:04d}",
            by=OPERATOR,
            at=at,
        ),
    }


def _two_words(person: Person, mark: str, at: datetime) -> Contradiction:
    """Two different words about a name, of which the register's own stands."""
    seen = marks_of(person)
    people.change_person(person=person, name=f"李少{mark}", by=OPERATOR, at=at, seen=seen)
    people.change_person(person=person, name=f"李小{mark}", by=OPERATOR, at=at, seen={"name": "another mark"})
    return Contradiction.objects.get(person=person)
