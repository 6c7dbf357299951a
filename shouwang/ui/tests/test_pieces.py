from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from shouwang.ui import numbers, pieces


def drawn(source: str, **context: object) -> str:
    request = RequestFactory().get("/list", {"sort": "number", "after": "9", "q": "x"})
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


def test_phone_and_id_number_are_masked() -> None:
    assert numbers.mask("19900000713", 3, 4) == "199····0713"
    assert numbers.mask("150199202506010024", 4, 4) == "1501··········0024"
    assert numbers.mask("1234", 3, 4) == "····"
    assert numbers.mask("王小芳", 1, 0) == "王··"


def test_a_phone_rings_and_its_groups_hold_together() -> None:
    html = numbers.tel_link("199 0000-0713")
    assert 'href="tel:19900000713"' in html
    assert "199\N{NO-BREAK SPACE}0000\N{NO-BREAK SPACE}0713" in html
    assert numbers.tel_link("") == ""


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        pieces.toned("tag", "purple")


@pytest.mark.parametrize(
    "source",
    [
        "{% tag bad %}",
        "{% button bad %}",
        "{% link_button bad bad %}",
        "{% post_button bad bad a=bad confirm=bad %}",
        "{% stat bad bad bad note=bad of=3 %}",
        "{% empty bad bad bad bad %}",
        "{% door bad %}",
        "{{ bad|nb }}",
        "{{ bad|mask_phone }}",
        "{% tel bad %}",
        "{% copy_button bad %}",
        "{% card bad note=bad link=bad %}{% endcard %}",
        "{% todo bad bad note=bad %}{% endtodo %}",
        "{% dialog 'x' bad %}{% enddialog %}",
        "{% note_box bad %}{% endnote_box %}",
        "{% chips items %}",
        "{% progress 1 2 label=bad %}",
        "{% sort_header bad bad %}",
        "{% live bad %}{% endlive %}",
    ],
)
def test_every_component_escapes_what_it_is_given(source: str) -> None:
    bad = "\"><img src=x onerror='1'>"
    html = drawn(source, bad=bad, items=[{"label": bad, "url": bad, "count": bad}])
    assert "<img" not in html


def test_no_component_needs_inline_style_or_script() -> None:
    html = drawn(
        '{% progress 1 3 waiting=1 %}{% icon "phone" %}{% button "a" confirm="b" %}{% stat "a" 1 done=1 of=2 %}'
    )
    assert not re.search(r"\s(style|on\w+)=", html)


def test_a_bar_never_passes_its_end() -> None:
    html = pieces.bar_html(150, 100, waiting=30)
    assert 'width="100.0%"' in html
    assert "waiting" not in html


def test_sorting_turns_round_keeps_the_rest_and_drops_the_cursor() -> None:
    html = drawn('{% sort_header "No." "number" %}{% sort_header "Due" "due" %}')
    assert 'aria-sort="ascending"' in html
    assert "sort=-number&amp;q=x" in html
    assert "sort=due&amp;q=x" in html
    assert "after" not in html


def test_a_form_of_one_button_carries_token_command_and_names() -> None:
    html = drawn('{% post_button "Give" "/give" volunteer=7 note=None %}', csrf_token="token")
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert re.search(r'name="command_id" value="[0-9a-f-]{36}"', html)
    assert 'name="volunteer" value="7"' in html
    assert "note" not in html


def test_the_command_id_outlives_a_form_with_errors() -> None:
    sent = "01890000-0000-7000-8000-000000000001"
    template = Template("{% load ui %}{% command_id %}")
    back = template.render(Context({"request": RequestFactory().post("/", {"command_id": sent})}))
    assert sent in back
    odd = template.render(Context({"request": RequestFactory().post("/", {"command_id": "<odd>"})}))
    assert "odd" not in odd
    assert re.search(r'value="[0-9a-f-]{36}"', odd)


def test_an_icon_is_hidden_unless_it_speaks() -> None:
    assert 'aria-hidden="true"' in pieces.icon_html("phone")
    assert '<span class="sr">Ring</span>' in pieces.icon_html("phone", "Ring")
