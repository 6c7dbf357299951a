"""What has happened since the line was drawn: requests in every state, told in the order of their times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shouwang.core.actors import RESIDENT
from shouwang.core.due import do_until
from shouwang.help import selectors as help_selectors
from shouwang.help import services as help_services
from shouwang.help.engines.messages import read_message_json
from shouwang.help.models import HelpRequest
from shouwang.help.states import GreenStep, RequestState, Source
from shouwang.people.selectors import current_household
from shouwang.places import selectors as places
from shouwang.places.models import Place
from shouwang.site.demo.crew import Crew
from shouwang.site.demo.morning import (
    calls_this_morning,
    list_from_the_district,
    spots_this_morning,
    two_words,
)
from shouwang.site.demo.sampling import BEGAN, sample_this_morning
from shouwang.site.demo.scenes import SCENES, Scene
from shouwang.volunteers import services as volunteers

Act = tuple[datetime, Callable[[datetime], None]]
STEPS = ("new", "offered", "accepted", "under_way", "done", "closed")
MINUTES = {"offered": 3, "accepted": 6, "under_way": 12, "done": 40, "closed": 55}


@dataclass
class _Thread:
    """One request on its way through the story."""

    scene: Scene
    community: Place
    crew: Crew
    request: HelpRequest | None = None

    def take_in(self, at: datetime) -> None:
        dwelling = places.find_dwelling(self.community.pk, *self.scene.door)
        part = read_message_json(self.scene.words)["parts"]
        household = current_household(dwelling) if dwelling else None
        self.request, _token = help_services.take_in_request(
            community_id=self.community.pk,
            place=None,
            dwelling=dwelling,
            household=household,
            category=self.scene.category,
            urgency=self.scene.urgency,
            source=self.scene.source,
            title=self.scene.title,
            words=self.scene.words,
            lines=part[0]["lines"] if len(part) == 1 else [],
            by=RESIDENT if self.scene.source == Source.PORTAL else self.crew.clerk,
            at=at,
            asker_name=self.scene.asker,
            asker_phone=self.scene.phone,
            needs_skills=self.scene.skills,
            verified="no" if self.scene.source == Source.PORTAL and self.scene.until == "new" else "call",
        )

    def offer(self, at: datetime) -> None:
        request = self._now()
        if request.state not in (RequestState.NEW, RequestState.OFFERED):
            return
        suggested = [s for s in help_selectors.suggestions_for(request, at) if s.possible]
        wanted = self.crew.volunteers.get(self.scene.volunteer) or suggested[0].volunteer
        why = next((s.reasons for s in suggested if s.volunteer.pk == wanted.pk), ())
        help_services.offer_request(
            request=request,
            volunteer=wanted,
            by=self.crew.clerk,
            at=at,
            why=[reason.stored for reason in why],
        )

    def accept(self, at: datetime) -> None:
        assignment = self._now().assignments.get(state="offered")
        help_services.accept_offer(assignment=assignment, by=assignment.volunteer.user, at=at)

    def start(self, at: datetime) -> None:
        help_services.start_request(request=self._now(), by=self._who_does_it(), at=at)

    def finish(self, at: datetime) -> None:
        help_services.finish_request(request=self._now(), by=self._who_does_it(), at=at, note=self.scene.note)

    def confirm(self, at: datetime) -> None:
        help_services.confirm_request(request=self._now(), by=RESIDENT, at=at, right=True)

    def _now(self) -> HelpRequest:
        assert self.request is not None
        self.request.refresh_from_db()
        return self.request

    def _who_does_it(self) -> Any:
        return self._now().assignments.get(state="accepted").volunteer.user

    def acts(self, now: datetime) -> list[Act]:
        """Every step up to the scene's last, each at its time; nothing lies in the future."""
        begun = now - timedelta(minutes=self.scene.ago)
        steps = {
            "offered": self.offer,
            "accepted": self.accept,
            "under_way": self.start,
            "done": self.finish,
            "closed": self.confirm,
        }
        last = STEPS.index(self.scene.until)
        later = [(begun + timedelta(minutes=MINUTES[name]), steps[name]) for name in STEPS[1 : last + 1]]
        return [(begun, self.take_in), *((min(at, now), act) for at, act in later)]


def tell_story(community: Place, crew: Crew, now: datetime) -> None:
    """Runs every act at its time, and what falls due in between."""
    threads = [_Thread(scene, community, crew) for scene in SCENES]
    acts: list[Act] = [act for thread in threads for act in thread.acts(now)]
    acts.append((now - timedelta(minutes=65), lambda at: _stand_down(crew, at)))
    acts.append((now - timedelta(minutes=95), lambda at: spots_this_morning(community, crew, at)))
    acts.append((now - timedelta(minutes=70), lambda at: calls_this_morning(community, crew, at)))
    acts.append((now - timedelta(minutes=50), lambda at: list_from_the_district(community, crew, at)))
    acts.append((now - timedelta(minutes=12), lambda at: two_words(community, crew, at)))
    acts.append((now - BEGAN, lambda _at: sample_this_morning(community, crew, now)))
    danger = next(thread for thread in threads if thread.scene.urgency == "life")
    acts += _green_channel(danger, crew, now)
    for at, act in sorted(acts, key=lambda pair: pair[0]):
        do_until(at)
        act(at)


def _stand_down(crew: Crew, at: datetime) -> None:
    """Building 11, stairwell 3: its head has fallen ill this morning."""
    volunteers.stand_down(volunteer=crew.volunteers["11-3"], reason="ill", by=crew.secretary, at=at)


def _green_channel(thread: _Thread, crew: Crew, now: datetime) -> list[Act]:
    begun = now - timedelta(minutes=thread.scene.ago)

    def tick(step: str, with_person: Any = None) -> Callable[[datetime], None]:
        return lambda at: _tick(thread, step, crew, at, with_person)

    return [
        (begun + timedelta(minutes=1), tick(GreenStep.CALLED_120)),
        (begun + timedelta(minutes=7), tick(GreenStep.SOMEBODY_WITH_PERSON, "8-2")),
        (begun + timedelta(minutes=9), tick(GreenStep.FAMILY_TOLD)),
    ]


def _tick(thread: _Thread, step: str, crew: Crew, at: datetime, with_person: str | None) -> None:
    beside = crew.volunteers[with_person].user if with_person else None
    assert thread.request is not None
    help_services.tick_green_step(request=thread.request, step=step, by=crew.clerk, at=at, with_person=beside)
