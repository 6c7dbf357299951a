"""What is written into each field of fields.toml, so that one look at an answer says which field it tells."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from shouwang.core.actors import OPERATOR
from shouwang.core.personal import FIELD_CLASSES
from shouwang.core.scope import scope_for
from shouwang.help.services import sign_off_evening
from shouwang.people import services as people
from shouwang.places.rules import ROLE_RIGHTS
from tests.guards.routes_homes import CARE_NOTE, HOUSEHOLD_NOTE
from tests.guards.routes_world import (
    ATTEMPT_NOTE,
    ROLES,
    WORDS,
    Corner,
    World,
    id_number,
)  # fmt: skip

TABLE = Path(__file__).with_name("fields.toml")
GROUPS = Path(__file__).parents[1] / "guards" / "routes.toml"


@dataclass(frozen=True)
class Sensitive:
    """One field of the table. `see` those with a post, `job` those with something in hand."""

    name: str
    field_class: str
    see: frozenset[str]
    job: frozenset[str]
    link: bool
    narrower: str

    @property
    def readers(self) -> frozenset[str]:
        return self.see | self.job


def read_fields() -> dict[str, Sensitive]:
    """The table by field. AssertionError for a role, a group or a class that does not exist."""
    told = tomllib.loads(TABLE.read_text("utf-8"))
    groups = tomllib.loads(GROUPS.read_text("utf-8"))["groups"] | told["groups"]

    def named(words: str) -> frozenset[str]:
        found = frozenset(role for word in words.split() for role in groups.get(word, word).split())
        assert found <= set(ROLES), f"no such role: {found - set(ROLES)}"
        return found

    fields = {}
    for name, said in told["fields"].items():
        assert said["class"] in FIELD_CLASSES, name
        fields[name] = Sensitive(
            name, said["class"], named(said["see"]), named(said.get("job", "")), said.get("link", False),
            said.get("narrower", ""),
        )  # fmt: skip
    return fields


def readers_by_post(field_class: str) -> frozenset[str]:
    """Who reads a class by their post, as places.rules says it."""
    return frozenset(role for role, rights in ROLE_RIGHTS.items() if field_class in rights.classes)


def canaries(corner: Corner) -> dict[str, tuple[str, ...]]:
    """The forms in which each field could be said."""
    mark, number = corner.mark, corner.number
    return {
        "name": (f"李{mark}",),
        "relative_name": (f"李小{mark}",),
        "phone": (corner.phone,),
        "id_number": (id_number(number), id_number(number)[6:], id_number(number)[-6:]),
        "birth": (
            f"19{number // 100}7-02-09",
            f"19{number // 100}7年2月",
            f'"birth_year": 19{number // 100}7',
        ),
        "care_kind": ("dialysis", "oxygen", "透析", "吸氧", "家用氧", "制氧"),
        "care_note": (CARE_NOTE + mark,),
        "household_note": (HOUSEHOLD_NOTE + mark,),
        "register_remark": (f"登记备注{mark}",),
        "stay_where": (f"去向{mark}",),
        "contact_name": (f"女婿{mark}",),
        "contact_phone": (f"1990006{number:04d}",),
        "proxy_name": (f"干亲{mark}",),
        "proxy_phone": (f"1990005{number:04d}",),
        "asker_name": (f"来人{mark}",),
        "asker_phone": (f"1990004{number:04d}",),
        "wish_title": (f"in_hand{mark}", f"new{mark}", f"asked{mark}"),
        "wish_line": (f"药{mark}",),
        "words": (WORDS + mark,),
        "attempt_note": (ATTEMPT_NOTE + mark,),
        "confidential_title": (f"confidential{mark}",),
        "evening_remark": (f"晚间备注{mark}",),
        "staged_name": (f"钱{mark}",),
        "staged_id_number": (id_number(number + 50),),
        "channel_address": ("ntfy.example.org",),
    }


def furnish(world: World) -> None:
    """Puts into each corner what the guards' world does not have: fields of their own for what shares a value there."""
    for corner in (world.here, world.next_door, world.away):
        mark, number, at = corner.mark, corner.number, world.at
        said = {"by": OPERATOR, "at": at}
        people.change_person(
            person=corner.relative,
            birth=(1907 + number // 10, 2, 9),
            extra={"备注": f"登记备注{mark}"},
            **said,
        )
        people.record_stay(person=corner.relative, kind="hospital", where=f"去向{mark}", **said)
        people.add_contact(person=corner.person, name=f"女婿{mark}", phone=f"1990006{number:04d}", **said)
        people.add_proxy(
            household=corner.household,
            kind="neighbour",
            name=f"干亲{mark}",
            phone=f"1990005{number:04d}",
            **said,
        )
        for request in corner.requests.values():
            request.asker_phone = f"1990004{number:04d}"
            request.save(update_fields=["asker_phone"])
    for corner in (world.here, world.away):
        lead = corner.owners["secretary"].user
        sign_off_evening(
            scope=scope_for(lead, world.at),
            community=corner.community,
            remark=f"晚间备注{corner.mark}",
            by=lead,
            at=world.at,
        )
