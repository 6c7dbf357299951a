"""A sign-up chain is pasted, read, looked at and confirmed; one door by hand; a door's own page."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.commands import run_once
from shouwang.core.errors import Refusal
from shouwang.core.forms import STALE, CommandForm, plain_body, press
from shouwang.help.forms.groups import AmountForm, ChainForm, GivenForm, RowForm
from shouwang.help.models import GroupItem, GroupPart, GroupPurchase
from shouwang.help.selectors import groups as selectors
from shouwang.help.selectors.groups_chain import BLOCKING, DOUBTS, Doors, ReadRow, read_rows
from shouwang.help.selectors.groups_money import acts_of
from shouwang.help.selectors.groups_page import lines_of
from shouwang.help.services import groups_goods, groups_joining
from shouwang.help.services.groups_joining import Joining
from shouwang.help.states import GROUP_GATHERING
from shouwang.people.selectors import households_behind

MOST_ROWS = 300


@dataclass
class Row:
    """A row of the preview: its form, what it would do (new, changed, back, same, unclear), and what is doubtful."""

    index: int
    form: RowForm
    change: str = ""
    doubts: list[Any] = field(default_factory=list)
    before: str = ""


@needs(selectors.RUN)
@require_http_methods(["GET", "POST"])
def paste_chain(request: Any, group_id: UUID) -> HttpResponse:
    """Paste, read, look at each row, confirm all. Nothing is written before."""
    found = selectors.group_for(request.scope, group_id)
    if request.method == "POST" and request.POST.get("verb") == "confirm":
        return _confirm(request, found)
    form = ChainForm(request.POST or None)
    rows: list[Row] = []
    items = selectors.items_of(found)
    if form.is_bound and form.is_valid():
        read = read_rows(found, items, form.cleaned_data["text"])
        rows = [_row_of(index, one, items) for index, one in enumerate(read)]
    return render(request, "help/group_paste.html", _context(found, items, rows, form), status=form.status)


def _context(
    found: GroupPurchase, items: list[GroupItem], rows: list[Row], form: Any = None
) -> dict[str, Any]:
    order = ("unclear", "changed", "back", "new", "same")
    counts = {code: sum(1 for row in rows if row.change == code) for code in order}
    sorted_rows = sorted(rows, key=lambda row: order.index(row.change))
    return {
        "group": found,
        "items": items,
        "rows": sorted_rows,
        "form": form,
        "counts": counts,
        "number": len(rows),
    }


def _row_of(index: int, read: ReadRow, items: list[GroupItem]) -> Row:
    before = None if read.dwelling is None else {str(pk): n for pk, n in (read.before or {}).items()}
    start: dict[str, Any] = {
        "door": read.door, "name": read.row.name, "before": json.dumps(before), "text": read.row.text[:400],
        "leave_out": False,
    }  # fmt: skip
    start |= {f"q{item.order}": read.quantities.get(item.pk) for item in items}
    form = RowForm(initial=start, prefix=f"r{index}", items=items)
    doubts = [DOUBTS[code] for code in read.doubts]
    change = "unclear" if BLOCKING & set(read.doubts) else read.change
    return Row(index, form, change, doubts, _had(read, items))


def _had(read: ReadRow, items: list[GroupItem]) -> str:
    before = read.before or {}
    return " · ".join(f"{item.letter} {before[item.pk]}" for item in items if before.get(item.pk))


def _confirm(request: Any, found: GroupPurchase) -> HttpResponse:
    """All rows that are not left out, or none: what is wrong comes back at its row."""
    command, items = CommandForm(request.POST), selectors.items_of(found)
    if not command.is_valid():
        raise Refusal("form-stale", STALE)
    said = request.POST.get("number", "")
    number = min(int(said), MOST_ROWS) if said.isdigit() else 0
    rows = [Row(i, RowForm(request.POST, prefix=f"r{i}", items=items), "unclear") for i in range(number)]
    joined = _join(request, found, command.cleaned_data["command_id"], rows)
    if joined is None:
        return render(request, "help/group_paste.html", _context(found, items, rows), status=422)
    messages.success(request, _joined_words(joined))
    return redirect("help:group", found.pk)


def _joined_words(joined: dict[str, int]) -> str:
    return _("%(new)s new, %(changed)s changed, %(back)s taken back, %(same)s as before.") % joined


def _join(request: Any, found: GroupPurchase, command_id: UUID, rows: list[Row]) -> dict[str, int] | None:
    """Takes the rows in once; None where a row is wrong, with the words at the row."""
    wrong = [row for row in rows if not row.form.is_valid()]
    if wrong:
        return None
    wanted = [row for row in rows if not row.form.cleaned_data["leave_out"]]
    joinings = joinings_of(found, wanted)
    if joinings is None:
        return None
    try:
        receipt = run_once(
            command_id=command_id, kind="help.group.join", by=request.user, at=request.at,
            body={"group": str(found.pk), "rows": [plain_body(row.form.cleaned_data) for row in rows]},
            do=lambda: groups_joining.join_group(
                group=found, rows=joinings, by=request.user, at=request.at).as_counts(),
        )  # fmt: skip
    except Refusal as refusal:
        if "row" not in refusal.values:
            raise
        form = rows[refusal.values["row"]].form
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return None
    answer: dict[str, int] = receipt.answer
    return answer


def joinings_of(found: GroupPurchase, rows: list[Row]) -> list[Joining] | None:
    """The rows with their doors on file and who lives there; None where a door is not on file, said at the row."""
    doors = Doors(found)
    dwellings = {row.index: doors.find(row.form.cleaned_data["door"]) for row in rows}
    lost = [row for row in rows if dwellings[row.index] is None and not row.form.cleaned_data["as_said"]]
    for row in lost:
        row.form.add_error("door", _("This door is not on file here. Correct it, or leave the row out."))
    if lost:
        return None
    homes = households_behind(one.pk for one in dwellings.values() if one is not None)
    return [_joining(row, dwellings[row.index], homes) for row in rows]


def _joining(row: Row, dwelling: Any, homes: dict[UUID, Any]) -> Joining:
    said = row.form.cleaned_data
    return Joining(
        quantities=row.form.quantities(), dwelling=dwelling,
        household=homes.get(dwelling.pk) if dwelling is not None else None, door_said=said["door"],
        name_said=said["name"], row=row.index, before=row.form.quantities_before() if dwelling is not None else None,
    )  # fmt: skip


@needs(selectors.RUN)
@require_http_methods(["GET", "POST"])
def add_part(request: Any, group_id: UUID) -> HttpResponse:
    """One door by hand; a door that has signed up already is changed."""
    found = selectors.group_for(request.scope, group_id)
    items = selectors.items_of(found)
    if request.method == "POST":
        row = Row(0, RowForm(request.POST, items=items))
        command = CommandForm(request.POST)
        if (
            command.is_valid()
            and _join(request, found, command.cleaned_data["command_id"], [row]) is not None
        ):
            return redirect("help:group", found.pk)
        return render(request, "help/group_part_new.html", {"group": found, "form": row.form}, status=422)
    return render(request, "help/group_part_new.html", {"group": found, "form": RowForm(items=items)})


@needs(selectors.RUN)
@require_GET
def part(request: Any, part_id: UUID) -> HttpResponse:
    """What one door has signed up for, got, paid and gets back."""
    return show_part(request, selectors.part_for(request.scope, part_id))


def show_part(request: Any, found: GroupPart, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    items, row = selectors.items_of(found.group), selectors.one_row(found)
    start: dict[str, Any] = {f"q{item.order}": row.wanted.get(item.pk, 0) for item in items}
    start |= {"door": row.door, "name": found.name_said}
    given = {f"given{item.order}": row.given.get(item.pk) for item in items}
    context = {
        "part": found, "group": found.group, "line": lines_of([row], items)[0], "acts": acts_of(found), "items": items,
        "gathering": found.group.state in GROUP_GATHERING, "amount_form": AmountForm(),
        "change_form": RowForm(initial=start, items=items), "given_form": GivenForm(initial=given, items=items),
        "now": request.at,
    } | forms  # fmt: skip
    refused = any(form.errors for form in forms.values())
    return render(request, "help/group_part.html", context, status=422 if refused else 200)


@needs(selectors.RUN)
@require_POST
def change_part(request: Any, part_id: UUID) -> HttpResponse:
    """What the door wants now, in all."""
    found = selectors.part_for(request.scope, part_id)
    form = RowForm(request.POST, items=selectors.items_of(found.group))
    if not form.is_valid():
        return show_part(request, found, change_form=form)
    rows = [
        Joining(
            form.quantities(), found.dwelling, found.household, found.door_said, form.cleaned_data["name"]
        )
    ]
    act = {"group": found.group, "rows": rows, "by": request.user, "at": request.at}
    about = {"part": found.pk, "wanted": plain_body(form.cleaned_data)}
    press(request, "help.group.change_part", lambda: groups_joining.join_group(**act).as_counts(), **about)
    return redirect("help:group_part", found.pk)


@needs(selectors.RUN)
@require_POST
def take_back_part(request: Any, part_id: UUID) -> HttpResponse:
    """The door is out again; the page offers to undo it."""
    found = selectors.part_for(request.scope, part_id)
    act = {"part": found, "by": request.user, "at": request.at}
    press(
        request, "help.group.take_back", lambda: str(groups_joining.take_back_part(**act).pk), part=found.pk
    )
    return redirect("help:group_part", found.pk)


@needs(selectors.RUN)
@require_POST
def put_back_part(request: Any, part_id: UUID) -> HttpResponse:
    """The door is in again."""
    found = selectors.part_for(request.scope, part_id)
    act = {"part": found, "by": request.user, "at": request.at}
    press(request, "help.group.put_back", lambda: str(groups_joining.put_back_part(**act).pk), part=found.pk)
    return redirect("help:group_part", found.pk)


@needs(selectors.RUN)
@require_POST
def change_given(request: Any, part_id: UUID) -> HttpResponse:
    """What the door really got."""
    found = selectors.part_for(request.scope, part_id)
    form = GivenForm(request.POST, items=selectors.items_of(found.group))
    done = form.apply(
        request, "help.group.given", lambda: _change_given(request, found, form), also={"part": found.pk}
    )
    return redirect("help:group_part", found.pk) if done else show_part(request, found, given_form=form)


def _change_given(request: Any, found: GroupPart, form: GivenForm) -> str:
    for item in form.items:
        act = {"part": found, "item": item, "given": form.cleaned_data[f"given{item.order}"]}
        groups_goods.change_given(**act, by=request.user, at=request.at)
    return str(found.pk)
