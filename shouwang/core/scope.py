"""Who sees what: grants over places and over single objects, and the questions asked of them.

core knows no places; a grant says which column of a scoped row must hold which id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import Q

from shouwang.core.errors import NotAllowed
from shouwang.core.personal import DOOR, NAME
from shouwang.core.registry import scope_sources


@dataclass(frozen=True)
class Grant:
    """Rows whose `column` is `place_id` are visible with `classes`; `capabilities` may be used there.

    `private`: those of the capabilities whose pages say what nobody at a counter should read; `said`: the name of the
    place or area that the role is held for.
    """

    column: str
    place_id: UUID
    role: str
    capabilities: frozenset[str]
    classes: frozenset[str]
    private: frozenset[str] = frozenset()
    said: str = ""


@dataclass(frozen=True)
class ObjectGrant:
    """One object of `kind` ("people.household") is visible with `classes`, because of `because`."""

    kind: str
    object_id: UUID
    classes: frozenset[str]
    because: str
    capabilities: frozenset[str] = frozenset()


T = TypeVar("T")
NOTHING = Q(pk__in=[])
# What a screen may show that somebody reads over the counter.
AT_THE_COUNTER = frozenset({NAME, DOOR})


@dataclass(frozen=True)
class Scope:
    """What one user may see and do at one instant. Made by `scope_for`, never kept longer than a request."""

    user: Any
    at: datetime
    grants: tuple[Grant, ...] = ()
    objects: tuple[ObjectGrant, ...] = field(default=())
    counter: bool = False

    def at_the_counter(self) -> Scope:
        """The same scope for a screen that visitors can read: names and doors, no private capability."""
        return replace(
            self,
            grants=tuple(
                replace(
                    grant,
                    classes=grant.classes & AT_THE_COUNTER,
                    capabilities=grant.capabilities - grant.private,
                )
                for grant in self.grants
            ),
            objects=tuple(
                replace(single, classes=single.classes & AT_THE_COUNTER) for single in self.objects
            ),
            counter=True,
        )

    @cached_property
    def _kept(self) -> dict[str, Any]:
        return {}

    def once(self, key: str, work: Callable[[], T]) -> T:
        """What `work` answers, asked once for this scope: several parts of one page want to know the same."""
        if key not in self._kept:
            self._kept[key] = work()
        return cast("T", self._kept[key])

    def known(self, key: str) -> Any:
        """What `once` was told under this key, or None."""
        return self._kept.get(key)

    @cached_property
    def capabilities(self) -> frozenset[str]:
        return frozenset().union(*(grant.capabilities for grant in self.grants))

    def can(self, capability: str) -> bool:
        """Whether the capability is held anywhere."""
        return capability in self.capabilities

    def ids(self, capability: str, column: str) -> set[UUID]:
        """The ids granted on one column for a capability."""
        return {g.place_id for g in self.grants if g.column == column and capability in g.capabilities}

    def q(self, capability: str, prefix: str = "") -> Q:
        """The filter for rows where `capability` is held; `prefix` leads to the placed row ("dwelling__")."""
        columns: dict[str, set[UUID]] = defaultdict(set)
        for grant in self.grants:
            if capability in grant.capabilities:
                columns[grant.column].add(grant.place_id)
        if not columns:
            return NOTHING
        answer = Q()
        for column, ids in columns.items():
            answer |= Q(**{f"{prefix}{column}__in": ids})
        return answer

    def object_ids(self, kind: str) -> set[UUID]:
        """Ids of single objects of `kind` that are visible by commitment, proxy or break-glass."""
        return {grant.object_id for grant in self.objects if grant.kind == kind}

    def covers(self, capability: str, placed: Any) -> bool:
        """Whether `capability` is held over this placed row."""
        return any(
            capability in grant.capabilities and getattr(placed, grant.column, None) == grant.place_id
            for grant in self.grants
        )

    def classes_for(self, placed: Any, kind: str = "", object_id: UUID | None = None) -> frozenset[str]:
        """The field classes readable on this row, by place and by single-object grants."""
        found: set[str] = set()
        for grant in self.grants:
            if getattr(placed, grant.column, None) == grant.place_id:
                found |= grant.classes
        for single in self.objects:
            if single.kind == kind and single.object_id == object_id:
                found |= single.classes
        return frozenset(found)

    def require(self, capability: str, placed: Any) -> None:
        """NotAllowed unless the capability is held over `placed`."""
        if not self.covers(capability, placed):
            from django.utils.translation import gettext_lazy as _

            raise NotAllowed("not-allowed", _("Your posts do not reach this place. Ask the secretary."))


def scope_for(user: Any, at: datetime) -> Scope:
    """The scope of `user` at `at`, from every registered source. Nobody signed in: an empty scope."""
    if user is None or not getattr(user, "is_authenticated", False):
        return Scope(user=None, at=at)
    grants: list[Grant] = []
    objects: list[ObjectGrant] = []
    for source in scope_sources:
        more, single = source.grants(user, at)
        grants.extend(more)
        objects.extend(single)
    return Scope(user=user, at=at, grants=tuple(grants), objects=tuple(objects))
