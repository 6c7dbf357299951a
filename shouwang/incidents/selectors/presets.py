"""Protocols as a community has them: built in, changed by it, or its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.incidents.models import ProtocolEdition
from shouwang.incidents.rules import PRESETS, Preset
from shouwang.incidents.selectors import SPOKEN, Target
from shouwang.incidents.states import Protocol, RestRule
from shouwang.people.selectors import flag_words
from shouwang.places.models import Place
from shouwang.places.selectors import place_for
from shouwang.places.states import Level


@dataclass(frozen=True)
class InForce:
    """One protocol as it presets now. `name` is empty where the built-in name holds; `edition` None: never changed."""

    code: str
    base: Protocol
    name: str
    preset: Preset
    offered: bool = True
    edition: ProtocolEdition | None = None

    @property
    def words(self) -> str:
        """Its name as people say it."""
        return self.name or str(self.base.label)

    @property
    def own(self) -> bool:
        """Whether the community made it."""
        return self.code not in PRESETS

    @property
    def targets(self) -> list[Target]:
        """Its target times, most pressing first."""
        return spoken_targets(self.preset)

    @property
    def first_words(self) -> list[str]:
        """Whom it puts first, most pressing first."""
        return [flag_words(kind) for kind in self.preset.first]

    @property
    def rest_words(self) -> list[tuple[str, int]]:
        """How many minutes goods rest at the gate, by what they are."""
        return [(str(RestRule(code).label), minutes) for code, minutes in self.preset.rest.items()]


def spoken_targets(preset: Preset) -> list[Target]:
    """A preset's target times in words, most pressing first."""
    found = [Target(SPOKEN.get(code, code), *minutes) for code, minutes in preset.targets.items()]
    return sorted(found, key=lambda target: (target.accept, target.finish))


def as_in_force(edition: ProtocolEdition) -> InForce:
    """An edition as the protocol it describes."""
    base = Protocol(edition.base)
    targets = {code: (target["accept"], target["finish"]) for code, target in edition.targets.items()}
    preset = Preset(targets, edition.days, tuple(edition.first), PRESETS[base].icon, edition.rest)
    return InForce(edition.code, base, edition.name, preset, edition.offered, edition)


def presets_in(community_id: UUID) -> list[InForce]:
    """Every protocol of a community as it is now: the built-in ones first, then its own by name."""
    last: dict[str, ProtocolEdition] = {}
    for edition in (
        ProtocolEdition.objects.filter(community_id=community_id).select_related("by").order_by("number")
    ):
        last[edition.code] = edition
    built_in = [
        as_in_force(last.pop(code)) if code in last else InForce(code, Protocol(code), "", preset)
        for code, preset in PRESETS.items()
    ]
    return [*built_in, *sorted(map(as_in_force, last.values()), key=lambda one: one.name)]


def preset_in(community_id: UUID, code: str) -> InForce | None:
    """A community's protocol by its code; None when it has none of that code."""
    edition = editions_of(community_id, code)[:1]
    if edition:
        return as_in_force(edition[0])
    return InForce(code, Protocol(code), "", PRESETS[code]) if code in PRESETS else None


def editions_of(community_id: UUID, code: str) -> list[ProtocolEdition]:
    """Every edition of a protocol, newest first."""
    found = ProtocolEdition.objects.filter(community_id=community_id, code=code)
    return list(found.select_related("by").order_by("-number"))


def community_to_preset(scope: Scope, community_id: UUID) -> Place:
    """The community whose protocols the scope may change, or 404."""
    place = place_for(scope, community_id, "incident.lead")
    if place.level != Level.COMMUNITY or not scope.covers("incident.lead", place):
        raise Http404
    return place
