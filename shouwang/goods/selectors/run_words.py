"""Why a run is as it is: the planner's codes in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.goods.models import Run, RunStop


def why_run(run: Run) -> list[str]:
    """Why a trip is as it is."""
    return [words for reason in run.why if (words := _run_words(reason))]


def _run_words(reason: dict[str, Any]) -> str:
    minutes = round(reason.get("seconds", 0) / 60)
    urgent = reason.get("stops", 0)
    return {
        "leaves_at_once": _("leaves as soon as somebody is free"),
        "waited_for_release": _("waits %(n)s min until the last of it may leave") % {"n": minutes},
        "cart_full": _("the cart is full: %(kg)s of %(of)s kg") % {"kg": _kg(reason.get("kg")), "of": _kg(reason.get("of"))},
        "takes_urgent": ngettext("takes %(n)s urgent stop", "takes %(n)s urgent stops", urgent) % {"n": urgent},
    }.get(reason["code"], "")  # fmt: skip


def _kg(kg: Any) -> str:
    return f"{float(kg or 0):.0f}"


def why_stop(stop: RunStop) -> list[str]:
    """Why a stop is at this place of the order."""
    return [words for reason in stop.why if (words := _stop_words(reason))]


def _stop_words(reason: dict[str, Any]) -> str:
    seconds, minutes = reason.get("seconds", 0), reason.get("minutes", 0)
    way = _("%(n)s s on the way") % {"n": round(seconds)}
    return {
        "first_door": _("first door of the trip") + f" · {way}",
        "same_stairwell": _("same stairwell as the one before"),
        "nearest_left": _("the nearest that is left") + f" · {way}",
        "near_previous": _("shortens the rest of the way") + f" · {way}",
        "due": _("in time, %(n)s min to spare") % {"n": minutes},
        "late": _("late by %(n)s min") % {"n": minutes},
        "urgent": _("urgent, so before the others"),
        "only_volunteer": _("nobody else may bring it"),
        "kept_apart": _("not everybody may bring it"),
    }.get(reason["code"], "")  # fmt: skip
