"""A pasted message: read into drafts, each looked at by a person; nothing is written before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwang.core.access import needs
from shouwang.core.commands import run_once
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.forms import STALE, CommandForm, plain_body
from shouwang.core.ids import derived_id
from shouwang.help import services
from shouwang.help.forms import DraftForm, PasteForm, lines_of, text_of
from shouwang.help.models import HelpRequest
from shouwang.help.selectors import requests_for
from shouwang.help.selectors.calls import doors_like, find_door
from shouwang.help.selectors.drafts import Draft, read_drafts
from shouwang.help.states import Source
from shouwang.help.views.call import community_of
from shouwang.people.models import Household
from shouwang.people.selectors import current_household
from shouwang.people.services import add_flag
from shouwang.places.selectors import communities_for, door_label

MOST_DRAFTS = 60


@dataclass
class Card:
    """A draft on the page: its form, or the request that has become of it. `doors`: which may be meant."""

    index: int
    form: DraftForm
    door: str = ""
    doors: tuple[str, ...] = ()
    taken: HelpRequest | None = None


@needs("help.take_in")
@require_http_methods(["GET", "POST"])
def paste(request: Any) -> HttpResponse:
    """Paste, read, look at each, take in one by one or all."""
    reading = PasteForm(request.POST if request.POST.get("verb") == "read" else None)
    context: dict[str, Any] = {"form": reading, "cards": [], "unsure": ()}
    if reading.is_bound and reading.is_valid():
        context |= _read(request, reading.cleaned_data["text"])
    elif request.method == "POST" and "take" in request.POST:
        context |= _take(request)
    open_cards = [card for card in context["cards"] if card.taken is None]
    return render(request, "help/paste.html", {**context, "open_cards": open_cards, "now": request.at})


def _read(request: Any, text: str) -> dict[str, Any]:
    places = communities_for(request.scope, "help.take_in")
    result = read_drafts(request.scope, places[0].pk, text)
    cards = [_card_of(request, index, draft) for index, draft in enumerate(result.drafts[:MOST_DRAFTS])]
    return {"cards": cards, "unsure": result.unsure, "community": places[0].pk, "said": text}


def _card_of(request: Any, index: int, draft: Draft) -> Card:
    said = door_label(draft.dwelling) if draft.dwelling is not None else draft.said
    start = {
        "category": draft.category, "urgency": draft.urgency, "title": "", "lines": text_of(draft.lines),
        "words": draft.words, "confidential": draft.confidential,
        "no_ring_back": draft.no_ring_back, "door": said, "phone": draft.phone,
        "care": ",".join(draft.care),
    }  # fmt: skip
    form = DraftForm(initial=start, prefix=f"d{index}")
    return _placed(request, Card(index, form), said)


def _placed(request: Any, card: Card, said: str) -> Card:
    """Matches the door of a card; where it is not one, those that may be meant."""
    found = find_door(request.scope, said) if said else None
    card.door = door_label(found) if found is not None else ""
    if found is None and said:
        card.doors = tuple(door_label(dwelling) for dwelling, _household in doors_like(request.scope, said))
    return card


def _take(request: Any) -> dict[str, Any]:
    """Takes in the chosen card or all that are open; the others come back as they were typed."""
    command = CommandForm(request.POST)
    if not command.is_valid():
        raise Refusal("form-stale", STALE)
    wanted, said = request.POST["take"], request.POST.get("number", "")
    number = min(int(said), MOST_DRAFTS) if said.isdigit() else 0
    cards = []
    for index in range(number):
        form = DraftForm(request.POST, prefix=f"d{index}")
        card = Card(index, form)
        before = _taken_before(request, index)
        if before is not None:
            card.taken = before
        elif wanted in ("all", str(index)):
            _take_card(request, card, derived_id(command.cleaned_data["command_id"], f"draft:{index}"))
        cards.append(_placed(request, card, form["door"].value() or ""))
    return {"cards": cards, "community": request.POST.get("community", "")}


def _taken_before(request: Any, index: int) -> HelpRequest | None:
    said = _uuid_or_none(request.POST.get(f"taken{index}", ""))
    return requests_for(request.scope).filter(pk=said).first() if said else None


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _take_card(request: Any, card: Card, command_id: UUID) -> None:
    if not card.form.is_valid():
        return
    try:
        receipt = run_once(
            command_id=command_id, kind="help.take_in_draft", by=request.user, at=request.at,
            body=plain_body(card.form.cleaned_data), do=lambda: _write(request, card.form.cleaned_data),
        )  # fmt: skip
    except Refusal as refusal:
        card.form.add_error(refusal.field if refusal.field in card.form.fields else None, refusal.sentence())
        return
    card.taken = requests_for(request.scope).filter(pk=UUID(receipt.answer)).first()


def _write(request: Any, values: dict[str, Any]) -> str:
    dwelling = find_door(request.scope, values["door"]) if values["door"] else None
    if dwelling is None and values["door"]:
        raise Refusal(
            "door-unknown", _("This door is not on file. Choose one, or leave it empty."), field="door"
        )
    household = current_household(dwelling) if dwelling is not None else None
    said = _uuid_or_none(request.POST.get("community", ""))
    made, _token = services.take_in_request(
        community_id=dwelling.community_id if dwelling is not None else community_of(request.scope, said),
        place=None,
        dwelling=dwelling,
        household=household,
        source=Source.CHAT,
        lines=lines_of(values["lines"]),
        asker_phone=values["phone"],
        by=request.user,
        at=request.at,
        **{name: values[name] for name in (
            "category", "urgency", "title", "words", "confidential", "no_ring_back")},
    )  # fmt: skip
    if household is not None:
        propose_care(request, household, values["care"])
    return str(made.pk)


def propose_care(request: Any, household: Household, care: str) -> None:
    """What the message says of the household is proposed for its file; a person there accepts it or not."""
    for kind in filter(None, care.split(",")):
        try:
            add_flag(
                household=household, kind=kind, source=str(_("chat message")), by=request.user, at=request.at,
                state="proposed",
            )  # fmt: skip
        except Conflict:
            continue
