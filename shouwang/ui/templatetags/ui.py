"""The design system in templates: {% load ui %}. The README of this room has one example each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from shouwang.core.ids import uuid7
from shouwang.ui import fields as form_fields
from shouwang.ui import numbers, pieces, times, wall
from shouwang.ui.middleware import reading_mode_of

register = template.Library()

register.simple_tag(pieces.icon_html, name="icon")
register.simple_tag(pieces.button_html, name="button")
register.simple_tag(pieces.link_html, name="link_button")
register.simple_tag(form_fields.field_html, name="field")
register.simple_tag(form_fields.form_html, name="fields")
register.simple_tag(form_fields.error_summary_html, name="error_summary")
register.simple_tag(numbers.tel_link, name="tel")
register.simple_tag(wall.overview_html, name="wall_overview")
register.simple_tag(wall.grid_html, name="wall_grid")
register.simple_tag(wall.legend_mark, name="legend_mark")
register.simple_tag(wall.lead_legend, name="lead_legend")
register.simple_tag(wall.lead_mark, name="lead_mark")


# Words that must not break, masks


@register.filter
def mask_phone(phone: object) -> SafeString:
    """199····0713"""
    return format_html('<span class="mask">{}</span>', numbers.mask(phone, 3, 4)) if phone else pieces.NOTHING


@register.filter
def mask_id(number: object) -> SafeString:
    """1501············0024"""
    return (
        format_html('<span class="mask">{}</span>', numbers.mask(number, 4, 4)) if number else pieces.NOTHING
    )


@register.filter
def nb(text: object) -> SafeString:
    """A figure and its unit, never parted."""
    return format_html('<span class="nb num">{}</span>', text)


@register.simple_tag(name="door")
def door_tag(label: object) -> SafeString:
    """A door's name on one line."""
    return format_html('<span class="door">{}</span>', label) if label else pieces.NOTHING


register.filter("mask_name", numbers.masked_name)
register.filter("figure", pieces.figure)
register.filter("minutes_words", times.minutes_words)


# Times


def _now(context: Context, given: datetime | None = None) -> datetime:
    if given is not None:
        return given
    request = context.get("request")
    return context.get("now") or getattr(request, "at", None) or timezone.now()


@register.simple_tag(takes_context=True)
def when(
    context: Context, at: datetime | None, style: str = "auto", now: datetime | None = None
) -> SafeString:
    """A time in words in a <time>; '' for None. Styles: auto, time, date, full."""
    if at is None:
        return pieces.NOTHING
    return times.time_tag(at, times.when_words(at, style, _now(context, now)))


@register.simple_tag(takes_context=True)
def left(context: Context, due_at: datetime | None, now: datetime | None = None) -> SafeString:
    """What remains until `due_at`, or how far over it is; '' for None."""
    return pieces.NOTHING if due_at is None else times.left_tag(due_at, _now(context, now))


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None, now: datetime | None = None) -> SafeString:
    """'12 min ago' with the absolute time in the title; '' for None."""
    if at is None:
        return pieces.NOTHING
    present = _now(context, now)
    return times.time_tag(at, times.ago_words(at, present), "", times.when_words(at, "auto", present))


# Small parts


@register.simple_tag
def tag(label: object, tone: str = "", icon: str = "") -> SafeString:
    return format_html(
        '<span class="{}">{}{}</span>', pieces.toned("tag", tone), pieces.icon_html(icon), label
    )


@register.simple_tag
def chips(items: Iterable[Any], label: object = "") -> SafeString:
    return pieces.choice_links(items, "chips", "chip", label or gettext("Show"))


@register.simple_tag
def segments(items: Iterable[Any], label: object = "") -> SafeString:
    return pieces.choice_links(items, "segments", "", label or gettext("View"))


@register.simple_tag
def progress(done: float, total: float, label: object = "", waiting: float = 0) -> SafeString:
    words = format_html("{} {} / {}", label, pieces.figure(done), pieces.figure(total)) if label else ""
    return pieces.bar_html(done, total, label=words, waiting=waiting)


@register.simple_tag
def stat(
    label: object,
    value: object,
    url: str = "",
    *,
    of: float | None = None,
    note: object = "",
    tone: str = "",
    done: float | None = None,
    waiting: float = 0,
    total: float | None = None,
) -> SafeString:
    """A figure that is a link to its list; `done` (of `total`, else of `of`) draws the bar."""
    whole = total if total is not None else of
    bar = pieces.bar_html(done, float(whole or 0), waiting=waiting) if done is not None else pieces.NOTHING
    inside = format_html(
        '<span class="stat-label">{}</span><span class="stat-value">{}{}</span>{}{}',
        label,
        pieces.figure(value),
        format_html(' <span class="stat-of">/ {}</span>', pieces.figure(of)) if of is not None else "",
        format_html('<span class="stat-note">{}</span>', note) if note else "",
        bar,
    )
    css = pieces.toned("stat", tone)
    if url:
        return format_html('<a class="{}" href="{}">{}</a>', css, url, inside)
    return format_html('<div class="{}">{}</div>', css, inside)


@register.simple_tag
def copy_button(source: object, label: object = "") -> SafeString:
    return pieces.button_html(
        label or gettext("Copy"), icon="copy", kind="quiet", size="small", type="button", data_copy=source
    )


@register.simple_tag
def open_dialog(
    label: object, ident: str, *, href: str = "", kind: str = "primary", **attrs: Any
) -> SafeString:
    """Opens {% dialog ident %}; with `href` it is a link, so that it works without scripts."""
    if href:
        return pieces.link_html(label, href, kind=kind, data_dialog=ident, **attrs)
    return pieces.button_html(label, kind=kind, type="button", data_dialog=ident, **attrs)


@register.simple_tag
def empty(
    title: object, hint: object = "", url: str = "", action: object = "", icon: str = "inbox"
) -> SafeString:
    return format_html(
        '<div class="empty">{}<p class="empty-title">{}</p>{}{}</div>',
        pieces.icon_html(icon),
        title,
        format_html("<p>{}</p>", hint) if hint else "",
        pieces.link_html(action, url, kind="quiet") if url and action else "",
    )


# Forms


@register.simple_tag(takes_context=True)
def command_id(context: Context, name: str = "command_id") -> SafeString:
    """The hidden id of what this form asks for: kept when the form comes back with errors, else new."""
    request = context.get("request")
    sent = request.POST.get(name, "") if request is not None else ""
    try:
        value = UUID(sent)
    except ValueError:
        value = uuid7()
    return pieces.hidden_inputs({name: value})


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    label: object,
    url: str,
    *,
    kind: str = "primary",
    size: str = "",
    icon: str = "",
    confirm: object = "",
    again: bool = False,
    **hidden: Any,
) -> SafeString:
    """A form of one button: csrf, a new command_id, extra names as hidden inputs."""
    token = context.get("csrf_token")
    inputs = {"csrfmiddlewaretoken": str(token)} if token and str(token) != "NOTPROVIDED" else {}
    inputs |= {
        "command_id": str(uuid7()),
        **{name: value for name, value in hidden.items() if value is not None},
    }
    return format_html(
        '<form class="post-form" method="post" action="{}"{}>{}{}</form>',
        url,
        pieces.attributes({"data-again": again}),
        pieces.hidden_inputs(inputs),
        pieces.button_html(label, icon=icon, kind=kind, size=size, confirm=confirm),
    )


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: object, name: str, numeric: bool = False) -> SafeString:
    """A column head that sorts: ?sort=name, then ?sort=-name; other parameters stay, the cursor and the page go."""
    query = context["request"].GET.copy()
    sort = query.get("sort", "")
    state = {name: "ascending", f"-{name}": "descending"}.get(sort)
    query["sort"] = f"-{name}" if sort == name else name
    query.pop("after", None)
    query.pop("page", None)
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(state or "", "")
    return format_html(
        '<th scope="col"{}><a href="?{}">{}{}</a></th>',
        pieces.attributes({"class": "num" if numeric else None, "aria-sort": state}),
        query.urlencode(),
        label,
        pieces.icon_html(arrow),
    )


@register.inclusion_tag("ui/pager.html")
def pager(page: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"page": page}


# Parts with something inside


@register.simple_block_tag
def card(
    content: SafeString,
    title: object = "",
    *,
    note: object = "",
    link: str = "",
    link_label: object = "",
    tone: str = "",
    id: str = "",  # noqa: A002 - it is the attribute's name in templates
    level: int = 2,
    css: str = "",
) -> SafeString:
    head = format_html(
        "<header><h{}>{}</h{}>{}{}</header>",
        level,
        title,
        level,
        format_html("<small>{}</small>", note) if note else "",
        format_html('<a class="card-link" href="{}">{}</a>', link, link_label or gettext("All"))
        if link
        else "",
    )
    attrs = pieces.attributes({"class": f"{pieces.toned('card', tone)} {css}".strip(), "id": id})
    return format_html("<section{}>{}{}</section>", attrs, head if title else "", content)


@register.simple_block_tag
def todo(
    content: SafeString,
    title: object,
    url: str = "",
    *,
    note: object = "",
    tone: str = "need",
    id: str = "",  # noqa: A002
) -> SafeString:
    name = format_html('<a class="todo-title" href="{}">{}</a>', url, title) if url else title
    small = format_html('<span class="todo-note-line">{}</span>', note) if note else ""
    return format_html(
        '<li{}><div>{}{}</div><div class="todo-act">{}</div></li>',
        pieces.attributes({"class": pieces.toned("todo", tone), "id": id}),
        name if url else format_html('<span class="todo-title">{}</span>', title),
        small,
        content if content.strip() else "",
    )


@register.simple_block_tag(takes_context=True)
def moment(
    context: Context, content: SafeString, at: datetime | None = None, *, tone: str = "", style: str = "auto"
) -> SafeString:
    stamp = times.time_tag(at, times.when_words(at, style, _now(context))) if at else ""
    return format_html('<li class="{}">{} {}</li>', pieces.toned("moment", tone), stamp, content)


@register.simple_block_tag
def dialog(content: SafeString, ident: str, title: object) -> SafeString:
    close = format_html(
        '<button class="icon-btn" type="button" data-close>{}</button>',
        pieces.icon_html("x", gettext("Close")),
    )
    return format_html(
        '<dialog class="dialog" id="{}" aria-labelledby="{}-title"><header><h2 id="{}-title">{}</h2>{}</header>{}</dialog>',
        ident,
        ident,
        ident,
        title,
        close,
        content,
    )


@register.simple_block_tag
def note_box(content: SafeString, title: object = "", tone: str = "note", *, icon: str = "") -> SafeString:
    icons = {
        "calm": "circle-check",
        "need": "circle-alert",
        "danger": "siren",
        "note": "info",
        "mute": "info",
    }
    return format_html(
        '<div class="{}">{}<div>{}{}</div></div>',
        pieces.toned("note-box", tone),
        pieces.icon_html(icon or icons.get(tone, "info")),
        format_html('<p class="note-head">{}</p>', title) if title else "",
        content,
    )


@register.simple_block_tag
def live(
    content: SafeString, url: str, after: int = 0, *, every: int = 5, css: str = "", ident: str = ""
) -> SafeString:
    """What shouwang.js keeps fresh: asks `url?after=N` every so many seconds, 204 when nothing changed."""
    attrs = {
        "data-live-url": url,
        "data-after": str(after),
        "data-every": str(every),
        "class": css,
        "id": ident,
    }
    return format_html("<div{}>{}</div>", pieces.attributes(attrs), content)


# The page


@register.simple_tag
def page_lang() -> str:
    """The page's language for <html lang>: zh-Hans, en."""
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(
        get_language() or "zh-hans", get_language() or "zh-Hans"
    )


@register.simple_tag(takes_context=True)
def reading_mode(context: Context) -> str:
    """'elder' or 'usual': the page's own `mode`, else what the visitor chose."""
    request = context.get("request")
    return context.get("mode") or (reading_mode_of(request) if request is not None else "usual")


@register.simple_tag(takes_context=True)
def address_with(context: Context, **changes: str) -> str:
    """This page's address with some parameters changed."""
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
