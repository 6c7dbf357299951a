"""A round of sampling with tubes for ten, in the made-up neighbourhood; two people in every household."""

from __future__ import annotations

from uuid import UUID

from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood
from shouwang.rounds import services
from shouwang.rounds.models import Entry, Round, Tube
from shouwang.rounds.services import Heard, Shown, Word
from shouwang.rounds.tests.test_rounds import begun, entry_of

ID_NUMBER = "150199194103050024"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int, birth: str = "19410305") -> str:
    """A right ID number of region 150199."""
    body = f"150199{birth}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def sampling(here: Neighbourhood, size: int = 10, **changes: object) -> Round:
    return begun(here, tube_size=size, **changes)


def put(
    here: Neighbourhood, entry: Entry, tube: str, *, state: str = "done", base: UUID | None = None, word: UUID | None = None
) -> Heard:  # fmt: skip
    """Somebody's phone says that the sample is in this tube, not knowing of anything else unless `base` says so."""
    said = Word(word or uuid7(), entry.pk, state, note="说明过", tube=tube, base=base)
    return services.hear_words([said], by=here.alice, at=AT)[0]


def filled(here: Neighbourhood, round_: Round, tube: str, *names: str) -> Tube:
    for name in names:
        heard = put(here, entry_of(round_, name), tube)
        assert heard.refusal is None
    return Tube.objects.get(barcode=tube)


def came(
    here: Neighbourhood, round_: Round, name: str = "张三", *, tube: str = "", **more: str
) -> services.WalkedIn:
    return services.add_walk_in(
        round_=round_, shown=Shown(name, tube=tube, **more), walk_in_id=uuid7(), scope=here.scope(here.alice),
        by=here.alice, at=AT,
    )  # fmt: skip
