"""What happened to a request, line by line, in sentences of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shouwang.help.models import HelpRequest, RequestEvent
from shouwang.help.states import EventKind, GreenStep, Outcome, Source, Verified
from shouwang.places.states import Level


@dataclass(frozen=True)
class Moment:
    """One line: when, the sentence, who did it, what they wrote, the photo, the tone."""

    at: datetime
    kind: str
    sentence: str
    who: str = ""
    text: str = ""
    photo_id: UUID | None = None
    tone: str = ""


TONES = {
    EventKind.ESCALATED: "need",
    EventKind.NOT_RIGHT: "need",
    EventKind.DONE: "calm",
    EventKind.CLOSED: "calm",
}


def timeline_of(request: HelpRequest, for_resident: bool = False) -> list[Moment]:
    """The timeline, oldest first. For the resident: what happens, never who was told, asked or noted what."""
    events = request.events.select_related("by", "whom").order_by("id")
    if for_resident:
        return [_moment(event, for_resident=True) for event in events.filter(private=False)]
    return [_merged(group) for group in _groups(events)]


def bare_timeline(request: HelpRequest) -> list[Moment]:
    """The timeline without what anybody wrote or photographed: for a screen that visitors can read."""
    return [replace(moment, text="", photo_id=None) for moment in timeline_of(request)]


def _groups(events: Iterable[RequestEvent]) -> list[list[RequestEvent]]:
    """Tellings of one step stand in one line; a note written with 'done' stands under it."""
    groups: list[list[RequestEvent]] = []
    for event in events:
        last = groups[-1][-1] if groups else None
        same = last is not None and last.kind == event.kind == EventKind.TOLD and last.at == event.at
        if same:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _merged(group: list[RequestEvent]) -> Moment:
    if len(group) == 1:
        return _moment(group[0])
    names = [event.whom.name for event in group if event.whom is not None]
    shown = _(", ").join(names[:4])
    if len(names) > 4:
        said = _("told %(names)s and %(more)s more") % {"names": shown, "more": len(names) - 4}
    else:
        said = _("told %(names)s") % {"names": shown}
    return Moment(group[0].at, EventKind.TOLD, said)


def _moment(event: RequestEvent, for_resident: bool = False) -> Moment:
    return Moment(
        at=event.at,
        kind=event.kind,
        sentence=sentence_of(event),
        who="" if for_resident or event.by is None or event.by_id == event.whom_id else event.by.name,
        text="" if for_resident and event.kind not in (EventKind.NOT_RIGHT,) else event.text,
        photo_id=None if for_resident else event.photo_id,
        tone=TONES.get(EventKind(event.kind), ""),
    )


def sentence_of(event: RequestEvent) -> str:
    """One event as a sentence."""
    whom = event.whom.name if event.whom is not None else ""
    if event.kind in _WITH_CODE:
        return str(_WITH_CODE[EventKind(event.kind)](event.code, whom, event.text))
    if event.kind in (
        EventKind.OFFERED,
        EventKind.ACCEPTED,
        EventKind.DECLINED,
        EventKind.RELEASED,
        EventKind.TOLD,
    ):
        return _about_somebody(event.kind, event.code, whom)
    return str(EventKind(event.kind).label)


def _about_somebody(kind: str, code: str, whom: str) -> str:
    if kind == EventKind.RELEASED and code == "stood_down":
        return _("%(whom)s is off duty: offered again") % {"whom": whom}
    sentence = {
        EventKind.OFFERED: _("offered to %(whom)s"),
        EventKind.ACCEPTED: _("%(whom)s has taken it on"),
        EventKind.DECLINED: _("%(whom)s cannot do it now"),
        EventKind.RELEASED: _("%(whom)s handed it back"),
        EventKind.TOLD: _("told %(whom)s"),
    }[EventKind(kind)]
    return sentence % {"whom": whom}


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def _risen(code: str, _whom: str, _text: str) -> str:
    fixed = {
        "rung_out": _("nobody is left to tell: please ring"),
        "word_ran_out": _("no word for 30 minutes: everybody is told anew"),
        "next": _("nobody answered within a minute: the next ones are told"),
        "everybody": _("nobody answered within three minutes: everybody who serves is told"),
    }
    return fixed.get(code) or _("not in time: risen to the %(level)s") % {"level": _label(Level, code)}


def _rang(code: str, whom: str, text: str) -> str:
    said = {"whom": whom or text}
    return (_("rang %(whom)s") if code == Outcome.RANG else _("rang %(whom)s: no answer")) % said


def _step(code: str, whom: str, _text: str) -> str:
    label = _label(GreenStep, code)
    return f"{label} · {whom}" if whom else label


_WITH_CODE = {
    EventKind.RECEIVED: lambda code, _w, _t: _("received: %(source)s") % {"source": _label(Source, code)},
    EventKind.VERIFIED: lambda code, _w, _t: _label(Verified, code),
    EventKind.ATTEMPT: lambda code, _w, _t: _label(Outcome, code),
    EventKind.ESCALATED: _risen,
    EventKind.STEP: _step,
    EventKind.RANG: _rang,
}
