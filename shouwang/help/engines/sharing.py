"""Who gets how much when less came than was ordered: whole units, never more than asked for, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence


def share_by_order(wanted: Sequence[int], available: int) -> list[int]:
    """Who signed up first is served first; whoever comes when little is left gets that."""
    shares = []
    for number in wanted:
        given = min(number, available)
        shares.append(given)
        available -= given
    return shares


def share_in_proportion(wanted: Sequence[int], available: int) -> list[int]:
    """Each gets the same part of what they asked for, in whole units by the largest remainder (Hamilton's rule).

    Equal remainders are served in the order of signing up.
    """
    total = sum(wanted)
    if available >= total:
        return list(wanted)
    shares = [number * available // total for number in wanted]
    by_remainder = sorted(range(len(wanted)), key=lambda at: (-(wanted[at] * available % total), at))
    for at in by_remainder[: available - sum(shares)]:
        shares[at] += 1
    return shares


RULES = {"by_order": share_by_order, "in_proportion": share_in_proportion}


def share(wanted: Sequence[int], available: int, rule: str) -> list[int]:
    """What each of `wanted` (whole units, in order of signing up) gets of `available` by one of RULES.

    Adds up to the smaller of what was wanted and what there is. ValueError for a negative number.
    """
    if available < 0 or any(number < 0 for number in wanted):
        raise ValueError("a quantity below zero")
    return RULES[rule](wanted, available)
