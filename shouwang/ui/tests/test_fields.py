from __future__ import annotations

import re

from django import forms
from django.utils import translation

from shouwang.ui.fields import error_summary_html, field_html, form_html
from shouwang.ui.sample import AskForm


class Strange(forms.Form):
    secret = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField(label="<b>words</b>", required=False)

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("<i>both cannot be</i>")


def test_hint_and_error_are_tied_to_the_input() -> None:
    html = field_html(AskForm({"phone": ""})["phone"])
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    for ident in described.group(1).split():
        assert f'id="{ident}"' in html
    assert 'aria-invalid="true"' in html
    assert '<label for="id_phone">' in html


def test_what_need_not_be_filled_says_so() -> None:
    with translation.override("en"):
        assert "if you like" in field_html(AskForm()["words"])
        assert "if you like" not in field_html(AskForm()["name"])


def test_choices_are_a_group_with_a_legend() -> None:
    html = field_html(AskForm()["urgency"], as_segments=True)
    assert "<fieldset" in html
    assert "<legend>" in html
    assert html.count('type="radio"') == 3
    assert 'class="segments"' in html


def test_the_summary_links_to_each_fault() -> None:
    html = error_summary_html(AskForm({"phone": "1"}))
    assert 'role="alert"' in html
    assert 'href="#id_name"' in html
    assert "id_phone" not in html
    assert error_summary_html(AskForm()) == ""


def test_labels_and_errors_are_escaped_and_hidden_fields_bare() -> None:
    form = Strange({})
    html = form_html(form) + error_summary_html(form)
    assert "<b>words" not in html
    assert "<i>both" not in html
    assert 'type="hidden"' in html
    assert "secret</label>" not in html.lower()
