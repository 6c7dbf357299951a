"""What a person's row is made of, from what was said: cleaned, checked, with the columns that searches need."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shouwang.core.clock import local_day
from shouwang.core.errors import Refusal
from shouwang.people.engines.births import Birth, is_birth
from shouwang.people.engines.names import clean_name, typed_forms
from shouwang.people.engines.numbers import (
    clean_id,
    clean_phone,
    is_phone,
    is_resident_id,
    resident_birth,
    resident_sex,
    reversed_phone,
)
from shouwang.people.selectors.matching import id_number_index
from shouwang.people.states import IdKind, Relation, Sex

LONGEST_NAME, LONGEST_PHONE = 60, 20
# Asked once a row of every ledger.
ID_KINDS, RELATIONS = frozenset(IdKind.values), frozenset(Relation.values)
SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}


def day_of(at: datetime) -> date:
    """The local calendar day of `at`."""
    return local_day(at, settings.TIME_ZONE)


def name_columns(name: str) -> dict[str, str]:
    """The name as kept with its typed forms. Refusal `name-missing` for an empty one."""
    kept = clean_name(name or "")[:LONGEST_NAME]
    if not kept:
        raise Refusal(
            "name-missing",
            _("Write a name. If nobody knows it, write what the person is called."),
            field="name",
        )
    letters, pinyin = typed_forms(kept)
    return {"name": kept, "name_letters": letters, "name_pinyin": pinyin}


def phone_columns(phone: str) -> dict[str, str]:
    """The phone and its reverse; the text of a doubtful number is kept as digits."""
    kept = clean_phone(phone)[:LONGEST_PHONE]
    return {"phone": kept, "phone_reversed": reversed_phone(kept)}


def birth_columns(birth: Birth | None) -> dict[str, int | None]:
    """Year, month and day; all empty for None."""
    year, month, day = birth or (None, None, None)
    return {"birth_year": year, "birth_month": month, "birth_day": day}


def id_columns(kind: str, number: str) -> dict[str, str]:
    """Kind, plain number (sealed when saved) and blind index."""
    kept = clean_id(number)
    said = kind if kind in ID_KINDS else IdKind.OTHER
    return {"id_kind": said if kept else "", "id_number": kept, "id_number_index": id_number_index(kept)}


def sex_code(sex: str) -> str:
    """'m', 'f' or ''; takes the words male and female too."""
    return SEXES.get((sex or "").lower(), "")


def relation_code(relation: str) -> str:
    """A Relation code; `other` for what is none."""
    return relation if relation in RELATIONS else Relation.OTHER


def check_phone(phone: str) -> None:
    """Refusal `phone-doubtful` for what cannot be rung."""
    if phone and not is_phone(clean_phone(phone)):
        raise Refusal(
            "phone-doubtful",
            _("This number cannot be rung: a mobile has 11 digits. Leave it empty if you are not sure."),
            field="phone",
        )


def check_birth(birth: Birth | None, day: date) -> None:
    """Refusal `birth-doubtful` for a date that does not exist or has not come yet."""
    if birth is None:
        return
    if not is_birth(birth) or (birth[0], birth[1] or 1, birth[2] or 1) > (day.year, day.month, day.day):
        raise Refusal(
            "birth-doubtful",
            _("There is no such birth date. Write only the year if the rest is not known."),
            field="birth",
        )


def check_id(kind: str, number: str) -> None:
    """Refusal `id-doubtful` for a resident ID whose date or check character is wrong."""
    if kind == IdKind.RESIDENT_ID and number and not is_resident_id(clean_id(number)):
        raise Refusal(
            "id-doubtful",
            _(
                "This ID number has a typing error: its check character does not fit. Leave it empty until it is known."
            ),
            field="id_number",
        )


def from_id(kind: str, number: str) -> tuple[Birth | None, str]:
    """What a right resident ID says: birth date and sex."""
    kept = clean_id(number)
    if kind != IdKind.RESIDENT_ID or not is_resident_id(kept):
        return None, ""
    return resident_birth(kept), resident_sex(kept)


def whole_columns(said: dict[str, Any]) -> dict[str, Any]:
    """Every column of a new person from name, sex, birth, phone, id_kind, id_number, extra, register_as_of."""
    kind, number = said.get("id_kind") or "", said.get("id_number") or ""
    born, sex = from_id(kind, number)
    return {
        **name_columns(said["name"]),
        **phone_columns(said.get("phone") or ""),
        **birth_columns(said.get("birth") or born),
        **id_columns(kind, number),
        "sex": sex_code(said.get("sex") or "") or sex,
        "extra": dict(said.get("extra") or {}),
        "register_as_of": said.get("register_as_of"),
    }
