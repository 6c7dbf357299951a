"""Form fields: label, hint and error tied to the input; required and optional said in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shouwang.ui.pieces import NOTHING, attributes, icon_html


def field_html(
    bound: BoundField, *, hint: object = "", label: object = "", as_segments: bool = False
) -> SafeString:
    """One field with everything that belongs to it; a hidden field is its input alone."""
    if bound.is_hidden:
        return bound.as_hidden()
    hint = hint or bound.help_text
    label = label or bound.label
    ids = _described_by(bound, hint)
    if isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        inside = _choices(bound, label, ids, _hint(bound, hint), as_segments)
    elif isinstance(bound.field.widget, forms.CheckboxInput):
        inside = _checkbox(bound, label, ids, _hint(bound, hint))
    else:
        inside = _input(bound, label, ids, _hint(bound, hint))
    css = "field has-error" if bound.errors else "field"
    return format_html('<div class="{}">{}{}</div>', css, inside, _errors(bound))


def _described_by(bound: BoundField, hint: object) -> str:
    ids = [f"{bound.auto_id}-hint"] if hint else []
    ids += [f"{bound.auto_id}-error"] if bound.errors else []
    return " ".join(ids)


def _must(bound: BoundField) -> SafeString:
    words = "" if bound.field.required else gettext("if you like")
    return format_html('<span class="must">{}</span>', words) if words else NOTHING


def _hint(bound: BoundField, hint: object) -> SafeString:
    return format_html('<p class="hint" id="{}-hint">{}</p>', bound.auto_id, hint) if hint else NOTHING


def _errors(bound: BoundField) -> SafeString:
    if not bound.errors:
        return NOTHING
    words = format_html_join(" ", "{}", ((error,) for error in bound.errors))
    return format_html(
        '<p class="field-error" id="{}-error">{}<span>{}</span></p>',
        bound.auto_id,
        icon_html("circle-alert"),
        words,
    )


def _input(bound: BoundField, label: object, ids: str, hint: SafeString) -> SafeString:
    attrs: dict[str, Any] = {"class": f"input {bound.field.widget.attrs.get('class', '')}".strip()}
    if ids:
        attrs["aria-describedby"] = ids
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return format_html(
        '<label for="{}">{}{}</label>{}{}',
        bound.id_for_label,
        label,
        _must(bound),
        hint,
        bound.as_widget(attrs=attrs),
    )


def _checkbox(bound: BoundField, label: object, ids: str, hint: SafeString) -> SafeString:
    attrs: dict[str, str | bool] = {"aria-describedby": ids} if ids else {}
    return format_html(
        '<label class="choice">{}<span>{}</span></label>{}', bound.as_widget(attrs=attrs), label, hint
    )


def _choices(bound: BoundField, label: object, ids: str, hint: SafeString, as_segments: bool) -> SafeString:
    options = format_html_join(
        "",
        '<label class="{}" for="{}">{}<span>{}</span></label>',
        (
            ("segment" if as_segments else "choice", option.id_for_label, option.tag(), option.choice_label)
            for option in bound.subwidgets
        ),
    )
    return format_html(
        '<fieldset{}><legend>{}{}</legend>{}<div class="{}">{}</div></fieldset>',
        attributes({"aria-describedby": ids, "id": f"{bound.auto_id}"}),
        label,
        _must(bound),
        hint,
        "segments" if as_segments else "choices",
        options,
    )


def form_html(form: BaseForm) -> SafeString:
    """Every field of the form in its order."""
    return format_html_join("", "{}", ((field_html(bound),) for bound in form))


def error_summary_html(form: BaseForm) -> SafeString:
    """What to put right, on top, each line a link to its field; '' for a form without errors."""
    if not form.errors:
        return NOTHING
    lines: list[tuple[BoundField | None, object]] = [(None, error) for error in form.non_field_errors()]
    for bound in form:
        lines += [(bound, error) for error in bound.errors]
    items = format_html_join("", "<li>{}</li>", ((_summary_line(bound, error),) for bound, error in lines))
    return format_html(
        '<div class="note-box note-box-need" role="alert" tabindex="-1">{}'
        '<div><p class="note-head">{}</p><ul>{}</ul></div></div>',
        icon_html("circle-alert"),
        gettext("Nothing was saved yet. Please put this right:"),
        items,
    )


def _summary_line(bound: BoundField | None, error: object) -> object:
    if bound is None or bound.is_hidden:
        return error
    return format_html('<a href="#{}">{}</a>: {}', bound.id_for_label or bound.auto_id, bound.label, error)
