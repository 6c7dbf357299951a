"""Papers of a group purchase: a door's statement, the sheets by stairwell, the organiser's table, receipts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from shouwang.core.access import needs
from shouwang.core.files import read_file
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.selectors import groups as selectors
from shouwang.help.selectors.groups_money import acts_of
from shouwang.help.selectors.groups_page import group_page, lines_of, receipt_for
from shouwang.help.selectors.groups_split import sheets_of
from shouwang.ui.paper import pdf_response, render_pdf


@needs(selectors.RUN)
@require_GET
def statement(request: Any, part_id: UUID) -> HttpResponse:
    """One household's own account, and nobody else's."""
    part = selectors.part_for(request.scope, part_id)
    items = selectors.items_of(part.group)
    line = lines_of([selectors.one_row(part)], items)[0]
    acts = [(act, in_yuan(abs(act.fen)), act.fen < 0) for act in acts_of(part)]
    context = {
        "group": part.group, "line": line, "acts": acts, "now": request.at,
        "rows": [(item, wanted, given, in_yuan(item.price_fen), in_yuan((wanted if given is None else given) * item.price_fen))
                 for item, (wanted, given) in zip(items, line.cells, strict=True) if wanted],
    }  # fmt: skip
    return pdf_response(render_pdf("help/group_statement.html", context, request), "statement")


@needs(selectors.RUN)
@require_GET
def sheets(request: Any, group_id: UUID) -> HttpResponse:
    """A page a stairwell, with a box to tick for each door."""
    found = selectors.group_for(request.scope, group_id)
    context = {"group": found, "sheets": sheets_of(found), "now": request.at}
    return pdf_response(
        render_pdf("help/group_sheets.html", context, request), f"stairwells-{found.spoken_number}"
    )


@needs(selectors.RUN)
@require_GET
def table(request: Any, group_id: UUID) -> HttpResponse:
    """The organiser's table with every door, quantities and money."""
    found = selectors.group_for(request.scope, group_id)
    page = group_page(request.scope, found, request.at)
    return pdf_response(render_pdf("help/group_table.html", page, request), f"purchase-{found.spoken_number}")


@needs(selectors.RUN)
@require_GET
def receipt(request: Any, group_id: UUID, file_id: UUID) -> HttpResponse:
    """The photo of a receipt."""
    found = receipt_for(request.scope, selectors.group_for(request.scope, group_id), file_id)
    return HttpResponse(read_file(found), content_type=found.media_type)
