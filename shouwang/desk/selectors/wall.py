"""The wall: buildings as grids, stairwells as columns, floors as rows, a cell a door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from shouwang.core.registry import Cell, Lens, Look, lenses
from shouwang.core.scope import Scope
from shouwang.places import selectors as places
from shouwang.places.models import Coverage, Place, Post
from shouwang.places.selectors import Doorway
from shouwang.places.states import Cover


def lenses_for(scope: Scope) -> list[Lens]:
    """The lenses this user may look through."""
    return [lens for lens in lenses if scope.can(lens.capability)]


def building_reached(scope: Scope, building_id: UUID) -> Place:
    """The building if the scope reaches it or one of its stairwells; else 404."""
    community_id = places.community_of(building_id)
    found = places.buildings_for(scope, community_id, building_id=building_id) if community_id else []
    if not found:
        raise Http404
    return found[0]


def wall_for(
    scope: Scope,
    community: Place,
    at: datetime,
    *,
    lens_code: str = "",
    of: str = "",
    building_id: UUID | None = None,
    selected: str = "",
    stay: bool = False,
) -> dict[str, Any]:
    """The wall of what the scope reaches in a community, in the form the wall component draws.

    `of`: what the lens is asked to look at, where it can look at several things. `stay`: the lenses lead back to Today,
    which shows the wall beside its queue.

    Five queries and one a lens, whatever the number of doors. 404 for a building outside the scope.
    """
    offered = lenses_for(scope)
    if not offered:
        raise Http404
    lens = next((entry for entry in offered if entry.code == lens_code), offered[0])
    buildings = places.buildings_for(scope, community.pk, building_id=building_id)
    if building_id and not buildings:
        raise Http404
    look = lens.look(community.pk, scope, at, of)
    return {
        "buildings": _draw(buildings, community, look, at, lens.code, zoomed=scope if building_id else None),
        "lens": lens.code,
        "of": look.of,
        "title": look.title,
        "choices": [
            {
                "label": name,
                "url": _url(community, lens.code, building_id, of=value, stay=stay),
                "current": value == look.shown,
            }
            for value, name in look.choices
        ],
        "lenses": [
            {
                "code": e.code,
                "label": e.label,
                "url": _url(community, e.code, building_id, stay=stay),
                "current": e is lens,
            }
            for e in offered
        ],
        "legend": [{"tone": c.tone, "mark": c.mark, "label": c.title} for c in look.legend],
        "mode": "building" if building_id else "overview",
        "selected": selected,
    }


def _url(community: Place, lens: str, building_id: UUID | None, *, of: str = "", stay: bool = False) -> str:
    query = urlencode({"lens": lens, "community": community.pk} | ({"of": of} if of else {}))
    whole = reverse("desk:today") if stay else reverse("desk:wall")
    path = reverse("desk:building", args=[building_id]) if building_id else whole
    return f"{path}?{query}"


def _draw(
    buildings: Sequence[Place],
    community: Place,
    look: Look,
    at: datetime,
    lens: str,
    *,
    zoomed: Scope | None,
) -> list[dict[str, Any]]:
    """`zoomed`: one building, its doors are links; only the stairwells that this scope reaches are drawn."""
    ids = [building.pk for building in buildings]
    leaves, doors = places.leaves_by_building(ids), places.doors_by_leaf(ids)
    if zoomed is not None:
        leaves = {pk: [leaf for leaf in row if zoomed.covers("wall.see", leaf)] for pk, row in leaves.items()}
    heads = places.heads_of_leaves(community.pk, at)
    coverage = places.coverage_of(community.pk)
    said = _titles(look)
    return [
        {
            "label": building.name,
            "sub": "",
            "url": _url(community, lens, building.pk, of=look.of),
            "stairwells": [
                _stairwell(
                    leaf, doors[leaf.pk], (look, said), heads, coverage.get(leaf.pk), zoomed=bool(zoomed)
                )
                for leaf in leaves.get(building.pk, ())
            ],
        }
        for building in buildings
    ]


def _titles(look: Look) -> dict[int, str]:
    """The words of each cell by its identity: a thousand doors share a few of them, and each translation costs."""
    said = {id(look.rest): str(look.rest.title)}
    for cell in look.cells.values():
        if id(cell) not in said:
            said[id(cell)] = str(cell.title)
    return said


def _stairwell(
    leaf: Place,
    doors: Sequence[Doorway],
    looks: tuple[Look, Mapping[int, str]],
    heads: Mapping[UUID | None, list[Post]],
    coverage: Coverage | None,
    *,
    zoomed: bool,
) -> dict[str, Any]:
    state = coverage.state if coverage else Cover.NONE
    posts = heads.get(leaf.pk) or heads.get(leaf.building_id) or []
    floors: dict[int, list[dict[str, Any]]] = defaultdict(list)
    look, said = looks
    for doorway in doors:
        cell = look.cells.get(doorway.pk, look.rest)
        floors[doorway.floor or 0].append(_cell(doorway, cell, said[id(cell)], zoomed=zoomed))
    return {
        "label": leaf.name,
        "lead": posts[0].holder.name if posts else "",
        "lead_gap": state == Cover.NONE,
        "lead_state": state,
        "url": reverse("desk:place", args=[leaf.pk]),
        "floors": [
            {"label": str(floor) if floor else "", "cells": floors[floor]}
            for floor in sorted(floors, reverse=True)
        ],
    }


def _cell(doorway: Doorway, cell: Cell, title: str, *, zoomed: bool) -> dict[str, Any]:
    return {
        "id": str(doorway.pk),
        "label": doorway.door,
        "url": f"/desk/doors/{doorway.pk}/" if zoomed else "",
        "mark": cell.mark,
        "tone": cell.tone,
        "title": f"{doorway.door} {title}" if title else doorway.door,
    }
