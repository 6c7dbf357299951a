"""Kinds of rounds that a scope may look at, begin with and change."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.rounds.engines.texts import said
from shouwang.rounds.models import Kind
from shouwang.rounds.selectors import LEAD


@dataclass(frozen=True)
class ToldKind:
    """A kind in one language."""

    kind: Kind
    name: str
    about: str
    guidance: str


def told_kind(kind: Kind, language: str) -> ToldKind:
    """One kind as pages tell it."""
    words = (said(text, language) for text in (kind.name, kind.about, kind.guidance))
    name, about, guidance = words
    return ToldKind(kind, name, about, guidance)


def told_kinds(scope: Scope, language: str) -> list[ToldKind]:
    """The kinds in use as pages tell them."""
    return [told_kind(kind, language) for kind in kinds_for(scope)]


def kinds_for(scope: Scope) -> QuerySet[Kind]:
    """The kinds in use: those of the scope's communities first, then those that came with the product."""
    mine = Q(community_id__in=scope.ids(LEAD, "community_id"))
    rows = Kind.objects.filter(mine | Q(community_id__isnull=True), ended_at__isnull=True)
    return rows.order_by(F("community_id").asc(nulls_last=True), "place_in_list", "code")


def shipped_kind(code: str) -> Kind:
    """The kind that came with the product under this code."""
    return Kind.objects.get(community_id=None, code=code)


def kind_for(scope: Scope, kind_id: UUID) -> Kind:
    """One of them, or 404."""
    found = kinds_for(scope).filter(pk=kind_id).first()
    if found is None:
        raise Http404
    return found


def own_kind_for(scope: Scope, kind_id: UUID) -> Kind:
    """A kind that a community of the scope has of its own, or 404."""
    found = kind_for(scope, kind_id)
    if found.community_id is None:
        raise Http404
    return found
