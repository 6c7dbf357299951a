"""What a handheld scanner or a keyboard gave: a resident's code, an ID number, a passport, or the barcode of a tube."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from shouwang.people.engines.numbers import clean_id, is_resident_id, resident_birth

SHORTEST, LONGEST = 4, 40
CODE_MARK = "SW1."


class Given(Enum):
    """What a text at the table is. `PERHAPS_ID`: shaped like an ID number whose check character is wrong; `PASSPORT`:
    shaped like a passport number, which a tube's barcode may be too."""

    NOTHING = "nothing"
    CODE = "code"
    ID_NUMBER = "id_number"
    PERHAPS_ID = "perhaps_id"
    PASSPORT = "passport"
    TUBE = "tube"
    NAME = "name"


def clean_barcode(text: str) -> str:
    """As a scanner gives it: without blanks around it, full-width signs narrow. Case is kept."""
    return unicodedata.normalize("NFKC", text or "").strip()


def given_as(text: str) -> Given:
    """What `text` is by its form alone."""
    said = clean_barcode(text)
    if not said:
        return Given.NOTHING
    if is_code(said):
        return Given.CODE
    number = clean_id(said)
    if is_resident_id(number):
        return Given.ID_NUMBER
    if re.fullmatch(r"\d{17}[\dX]", number) and resident_birth(number) is not None:
        return Given.PERHAPS_ID
    if re.fullmatch(r"[A-Z]{1,2}\d{7,9}", number):
        return Given.PASSPORT
    if re.search(r"[^\x21-\x7e]", said):
        return Given.NAME
    return Given.TUBE


def is_code(text: str) -> bool:
    """Whether it is what a resident's code says, readable or not."""
    return text.upper().startswith(CODE_MARK)


def barcode_fault(barcode: str, shortest: int = SHORTEST) -> str:
    """Why this is no tube's barcode: `code`, `id-number`, `length`, `blank`; "" when it may be one."""
    if is_code(barcode):
        return "code"
    if is_resident_id(clean_id(barcode)):
        return "id-number"
    if not shortest <= len(barcode) <= LONGEST:
        return "length"
    if any(sign.isspace() or not sign.isprintable() for sign in barcode):
        return "blank"
    return ""


def is_plain(barcode: str) -> bool:
    """Whether it has only what labels of tubes have: letters, digits and - _ . / +."""
    return re.fullmatch(r"[0-9A-Za-z._/+-]+", barcode) is not None


def shape_of(barcode: str) -> str:
    """What tubes of one delivery share: where letters stand, where digits, and how many of each."""
    return re.sub(r"[0-9]", "9", re.sub(r"[A-Za-z]", "A", barcode))
