"""What everybody pays, to the fen: a receipt shared out over lines, and a line's price over what was delivered of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Priced:
    """A line as it was bought: `price` in fen for all that was bought, `delivered` of it in the same unit."""

    price: int
    bought: Decimal
    delivered: Decimal


@dataclass(frozen=True)
class Charge:
    """`paid`: the line's part of the receipt; `charged`: what the household pays of it. Fen."""

    paid: int
    charged: int


def share(total: int, weights: Sequence[Decimal | int]) -> list[int]:
    """`total` in whole parts in proportion to `weights`: they add up to it, and none is off by one or more.

    Largest remainder; equal remainders in the order given. ValueError where there is something to share and nobody
    to share it among, and for a negative weight.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if any(weight < 0 for weight in exact) or (not whole and total):
        raise ValueError("nothing to share by")
    if not whole:
        return [0 for _weight in exact]
    wanted = [total * weight / whole for weight in exact]
    shares = [int(part // 1) for part in wanted]
    by_remainder = sorted(range(len(wanted)), key=lambda at: (shares[at] - wanted[at], at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares


def times(per_unit: int, quantity: Decimal) -> int:
    """A price per unit times a quantity, in whole fen, half a fen upwards as a till does it."""
    return int((Decimal(per_unit) * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def settle(lines: Sequence[Priced], receipt: int) -> list[Charge]:
    """What each line costs when the receipt is `receipt` fen: what the till took off or added is shared by price, and
    of a line that was not wholly delivered its household pays the part that was. ValueError as for `share`."""
    parts = share(receipt, [line.price for line in lines])
    return [Charge(part, _for_delivered(part, line)) for part, line in zip(parts, lines, strict=True)]


def _for_delivered(paid: int, line: Priced) -> int:
    if not line.bought:
        return 0
    if line.delivered >= line.bought:
        return paid
    return int((paid * line.delivered / line.bought).quantize(Decimal(1), rounding=ROUND_HALF_UP))
