"""Components as HTML, built in Python: escaped here, drawn by the stylesheet, used through templatetags/ui.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from lucide.templatetags.lucide import lucide

TONES = ("calm", "need", "danger", "note", "mute")
NOTHING = SafeString("")


def read(thing: Any, name: str, default: Any = "") -> Any:
    """`name` of a mapping or of an object; callers may hand over either."""
    if type(thing) is dict or isinstance(
        thing, Mapping
    ):  # the first is quick: the wall asks thousands of times
        return thing.get(name, default)
    return getattr(thing, name, default)


def toned(css: str, tone: str) -> str:
    """'tag' and 'need' give 'tag tag-need'; an unknown tone is a programming error."""
    if not tone:
        return css
    if tone not in TONES:
        raise ValueError(f"{tone!r} is no tone; one of {', '.join(TONES)}")
    return f"{css} {css}-{tone}"


def attributes(pairs: Mapping[str, Any]) -> SafeString:
    """HTML attributes, each with a leading space; None and False are left out, True stands alone."""
    kept = [
        (name, value)
        for name, value in pairs.items()
        if value is not None and value is not False and value != ""
    ]
    return format_html_join(
        "",
        "{}",
        ((format_html(" {}", n) if v is True else format_html(' {}="{}"', n, v),) for n, v in kept),
    )


@cache
def _bare_icon(name: str) -> SafeString:
    return SafeString(lucide(name, size=None, **{"class": "icon", "aria_hidden": "true"}))


def icon_html(name: str, label: object = "") -> SafeString:
    """A lucide icon, hidden from readers; with `label`, its words follow for readers alone."""
    if not name:
        return NOTHING
    if not label:
        return _bare_icon(str(name))
    return format_html('{}<span class="sr">{}</span>', _bare_icon(str(name)), label)


def button_css(kind: str, size: str) -> str:
    kinds = {"primary": "btn", "quiet": "btn btn-quiet", "danger": "btn btn-danger", "bare": "btn btn-bare"}
    return kinds[kind] + (f" btn-{size}" if size else "")


def button_html(
    label: object, *, icon: str = "", kind: str = "primary", size: str = "", **attrs: Any
) -> SafeString:
    """A <button>; type is submit unless given. Underscores in attribute names become hyphens."""
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
    given = {"type": "submit", "class": button_css(kind, size), **confirm_attributes(given, kind), **given}
    return format_html(
        "<button{}>{}<span data-label>{}</span></button>", attributes(given), icon_html(icon), label
    )


def confirm_attributes(given: dict[str, Any], kind: str) -> dict[str, Any]:
    """Turns `confirm="..."` into what shouwang.js reads; takes it out of `given`."""
    question = given.pop("confirm", None)
    if not question:
        return {}
    return {"data-confirm": question, "data-tone": "danger" if kind == "danger" else None}


def link_html(
    label: object, url: str, *, icon: str = "", kind: str = "primary", size: str = "", **attrs: Any
) -> SafeString:
    """A link that looks like a button."""
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
    given = {"class": button_css(kind, size), "href": url, **confirm_attributes(given, kind), **given}
    return format_html("<a{}>{}<span data-label>{}</span></a>", attributes(given), icon_html(icon), label)


def bar_html(done: float, total: float, *, label: object = "", waiting: float = 0) -> SafeString:
    """A bar in SVG (a style attribute is not allowed here): done in pine, waiting in amber."""
    whole = max(float(total or 0), 0.000001)
    first = min(100.0, 100 * float(done or 0) / whole)
    second = min(100.0 - first, 100 * float(waiting or 0) / whole)
    words = label or gettext("%(done)s of %(total)s") % {"done": figure(done), "total": figure(total)}
    return format_html(
        '<svg class="bar" role="img" aria-label="{}"><rect class="done" width="{}%" height="100%"/>{}</svg>',
        words,
        round(first, 1),
        format_html(
            '<rect class="waiting" x="{}%" width="{}%" height="100%"/>', round(first, 1), round(second, 1)
        )
        if second
        else "",
    )


def figure(number: object) -> str:
    """1986 as '1,986'; what is no number stays as it is."""
    if isinstance(number, int) and not isinstance(number, bool):
        return f"{number:,}"
    if isinstance(number, float):
        return f"{number:,.1f}".removesuffix(".0")
    return str(number)


def choice_links(items: Iterable[Any], css: str, item_css: str, label: object) -> SafeString:
    """A row of links of which one is current: chips and segments."""
    links = format_html_join(
        "",
        "<a{}>{}{}</a>",
        (
            (
                attributes(
                    {
                        "class": item_css,
                        "href": read(item, "url"),
                        "aria-current": "true" if read(item, "current", False) else None,
                    }
                ),
                read(item, "label"),
                _count(read(item, "count", None)),
            )
            for item in items
        ),
    )
    return format_html('<nav class="{}"{}>{}</nav>', css, attributes({"aria-label": label}), links)


def _count(count: Any) -> SafeString:
    return NOTHING if count is None or count == "" else format_html(' <b class="num">{}</b>', figure(count))


def hidden_inputs(pairs: Mapping[str, Any]) -> SafeString:
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs.items())
