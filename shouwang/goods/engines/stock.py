"""What figures say about a stock: how long it lasts, what is usual, what slipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

SHORT_DAYS, LONG_DAYS = 7, 14
# Stock is bought once or twice a week where everything comes through one gate.
RUNS_OUT_DAYS = 7
EXPIRES_DAYS = 30
# One zero too many is ten times the usual; three earlier ones make a usual.
SLIPPED, ENOUGH = 10, 3


@dataclass(frozen=True)
class Pace:
    """How long `stock` lasts at the pace of the last `over` days; `days` None when nothing goes out."""

    stock: int
    gone: int
    over: int

    @property
    def days(self) -> int | None:
        """Whole days that it lasts: 0 when it will not last the day."""
        return None if self.gone <= 0 else self.stock * self.over // self.gone

    @property
    def runs_out(self) -> bool:
        return self.days is not None and self.days <= RUNS_OUT_DAYS


def pace_of(stock: int, gone_short: int, gone_long: int) -> Pace:
    """The faster of the paces of the last 7 and 14 days: who fears to run out looks at the worse week."""
    if gone_short * LONG_DAYS >= gone_long * SHORT_DAYS:
        return Pace(stock, gone_short, SHORT_DAYS)
    return Pace(stock, gone_long, LONG_DAYS)


def usual(earlier: Sequence[int]) -> int | None:
    """The median of earlier quantities, None while there are too few."""
    return int(median(earlier)) if len(earlier) >= ENOUGH else None


def has_slipped(quantity: int, earlier: Sequence[int]) -> int | None:
    """The usual quantity where this one is ten times it or more: somebody's finger may have stayed on the zero."""
    middle = usual(earlier)
    return middle if middle is not None and quantity >= SLIPPED * max(1, middle) else None
