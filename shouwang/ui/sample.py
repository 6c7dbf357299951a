"""What the gallery shows: a made-up compound of 24 buildings, 118 stairwells and 1,214 doors, the same each time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NOW = datetime(2026, 2, 20, 1, 42, tzinfo=UTC)
LEADS = ("张敏", "李强", "王芳", "赵磊", "孙丽", "周正", "吴霞", "郑海", "陈静", "刘洋", "何秀英", "欧阳兰")
STAIRWELLS = (4, 5, 6, 4, 5, 5, 6, 4, 5, 4, 6, 5, 5, 5, 4, 6, 5, 4, 5, 6, 5, 4, 5, 5)
DOORS = 1214


def _cell(floor: int, door: int, state: dict[str, str], ident: str) -> dict[str, str]:
    label = f"{floor}{door:02d}"
    return {**state, "id": ident, "label": label, "url": "#beside", "title": f"{label} {state['label']}"}


def _floors(
    rows: int, sure: random.Random, states: list[dict[str, str]], building: int
) -> list[dict[str, Any]]:
    floors = []
    for floor in range(rows, 0, -1):
        picked = sure.choices(states, weights=(74, 13, 6, 6, 0, 1), k=2)
        cells = [
            _cell(floor, door, state, f"{building}-{sure.getrandbits(40):x}")
            for door, state in enumerate(picked, 1)
        ]
        floors.append({"label": str(floor), "cells": cells})
    return floors


def legend() -> list[dict[str, str]]:
    """The states of the sampling lens, with their marks."""
    return [
        {"tone": "calm", "mark": "", "label": _("sampled")},
        {"tone": "need", "mark": "·", "label": _("not yet")},
        {"tone": "note", "mark": "↑", "label": _("at the door")},
        {"tone": "mute", "mark": "–", "label": _("nobody home")},
        {"tone": "danger", "mark": "!", "label": _("urgent")},
        {"tone": "", "mark": "?", "label": _("not known")},
    ]


def _stairwell(sure: random.Random, building: int, number: int, at: int, rows: int) -> dict[str, Any]:
    gap = (building, number) in {(3, 3), (11, 2), (17, 4)}
    return {
        "label": _("stairwell %(n)s") % {"n": number},
        "lead": "" if gap else LEADS[(at * 5) % len(LEADS)],
        "lead_gap": gap,
        "lead_state": "none" if gap else ("two", "one", "one", "building")[(at * 7) % 4],
        "url": "#",
        "floors": _floors(rows, sure, legend(), building),
    }


def compound() -> dict[str, Any]:
    """The wall of the whole compound."""
    sure = random.Random(7)
    spare = (DOORS - 10 * sum(STAIRWELLS)) // 2  # so many stairwells have a sixth floor
    buildings: list[dict[str, Any]] = []
    at = 0
    for number, count in enumerate(STAIRWELLS, 1):
        rows = [6 if at + k < spare else 5 for k in range(count)]
        stairwells = [_stairwell(sure, number, k, at + k, rows[k - 1]) for k in range(1, count + 1)]
        at += count
        share = f"{60 + sure.randrange(38)}%"
        name = _("Building %(n)s") % {"n": number}
        buildings.append(
            {"label": name, "sub": share, "url": f"#building-{number}", "stairwells": stairwells}
        )
    worst = buildings[7]["stairwells"][1]["floors"][0]["cells"][0]
    worst.update(_cell(5, 1, legend()[4], worst["id"]))
    lenses = [
        {"code": code, "label": label, "url": f"?lens={code}", "current": code == "round"}
        for code, label in (
            ("coverage", pgettext("lens", "Who answers")),
            ("care", _("Care")),
            ("round", _("Sampling")),
            ("help", _("Requests")),
        )
    ]
    return {"buildings": buildings, "lens": "round", "lenses": lenses, "legend": legend()}


def one_building() -> dict[str, Any]:
    """Building 8 door by door."""
    wall = compound()
    building = wall["buildings"][7]
    worst = building["stairwells"][1]["floors"][0]["cells"][0]
    return {**wall, "buildings": [building], "mode": "building", "lenses": [], "selected": worst["id"]}


class AskForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label="称呼", max_length=30)
    phone = forms.CharField(
        label="电话", help_text="十一位，方便我们回电话", widget=forms.TextInput(attrs={"type": "tel"})
    )
    urgency = forms.ChoiceField(
        label="急不急",
        choices=[("life", "危及生命"), ("today", "今天要"), ("normal", "不急")],
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label="怎么送", choices=[("door", "送到门口"), ("stairs", "放单元门")], widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label="什么事", choices=[("medicine", "药"), ("shopping", "买东西")])
    words = forms.CharField(label="说说情况", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    alone = forms.BooleanField(label="家里只有我一个人", required=False)


def times() -> dict[str, datetime]:
    minutes = {
        "over": -12,
        "soon": 9,
        "later": 130,
        "earlier": -37,
        "yesterday": -14 * 60,
        "before": -26 * 60,
    }
    return {name: NOW + timedelta(minutes=value) for name, value in minutes.items()}


def navigation() -> list[dict[str, Any]]:
    rows = (
        (_("Today"), "sun", 3, "danger"),
        (_("Wall"), "layout-grid", 0, ""),
        (_("Requests"), "hand-helping", 12, "need"),
        (_("Residents"), "users", 0, ""),
        (_("Volunteers"), "heart-handshake", 0, ""),
        (_("Places"), "map-pinned", 0, ""),
        (_("Notices"), "megaphone", 0, ""),
        (_("Ledgers"), "table-2", 0, ""),
        (_("Record"), "scroll-text", 0, ""),
    )
    return [
        {"label": label, "icon": icon, "url": "#", "count": count, "tone": tone, "current": at == 0}
        for at, (label, icon, count, tone) in enumerate(rows)
    ]


def incident() -> str:
    return _("Zone C sealed, day 2 · 24 buildings, 1,214 doors")


def chips() -> list[dict[str, Any]]:
    rows = (
        (_("For me"), 12, True),
        (_("Nobody took it"), 3, False),
        (_("Soon late"), 2, False),
        (_("All"), None, False),
    )
    return [
        {"label": label, "url": "#", "count": count, "current": current} for label, count, current in rows
    ]


def segments() -> list[dict[str, Any]]:
    rows = ((_("All"), True), (_("Requests"), False), (_("Visits"), False))
    return [{"label": label, "url": "#", "current": current} for label, current in rows]


def everything() -> dict[str, Any]:
    """What the gallery's templates wait for."""
    return {
        "now": NOW,
        "t": times(),
        "form": AskForm(),
        "bad_form": AskForm({"phone": "1380000"}, prefix="bad"),
        "wall": compound(),
        "building": one_building(),
        "who": {"name": "陈书记", "place": "锦绣社区 · 全部网格"},
        "nav_entries": navigation(),
        "incident_chip": {"label": incident(), "url": "#", "tone": "need"},
        "chips": chips(),
        "segments": segments(),
        "page": {"next_url": "?after=3", "previous_url": "?", "shown": 7, "total": DOORS},
        "search_url": "#",
        "sign_out_url": "#",
    }
