"""Kinds of rounds: shipped, copied, changed; a round keeps its own copy; the pages."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.urls import reverse

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.rounds import services
from shouwang.rounds.engines.shipped import shipped_kinds
from shouwang.rounds.models import Kind, Round
from shouwang.rounds.selectors.kinds import kinds_for
from shouwang.rounds.services.kinds import DEFINED
from shouwang.rounds.tests.test_rounds import begun, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def shipped(code: str) -> Kind:
    return Kind.objects.get(community_id=None, code=code)


def own(here: Neighbourhood, code: str = "daily_call") -> Kind:
    return services.copy_kind(kind=shipped(code), community=here.community, by=here.alice, at=AT)


def defined(kind: Kind, **changes: Any) -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(kind, name)) for name in DEFINED} | changes


def test_kinds_are_in_the_table_after_migrating_and_shipping_again_changes_nothing() -> None:
    assert Kind.objects.filter(community_id=None).count() == len(shipped_kinds())
    assert services.ship_kinds() == 0
    Kind.objects.filter(code="survey").update(questions=[], version=3)
    Kind.objects.create(code="of_long_ago", whom="people")
    assert services.ship_kinds() == 2
    assert shipped("survey").version == 4 and shipped("survey").questions
    assert shipped("of_long_ago").ended_at is not None


def test_a_round_keeps_what_its_kind_asked_when_it_began(here: Neighbourhood) -> None:
    kind = own(here)
    round_ = begun(here, kind=kind, whom="")
    questions = copy.deepcopy(kind.questions)
    services.change_kind(
        kind=kind, definition=defined(kind, questions=[], rules=[]), version=1, by=here.alice, at=AT
    )
    assert (kind.version, kind.questions) == (2, [])
    round_.refresh_from_db()
    assert (round_.questions, round_.whom, round_.kind) == (questions, "households", kind)


def test_a_copy_has_a_short_name_of_its_own_and_belongs_to_its_community(here: Neighbourhood) -> None:
    assert [own(here).code, own(here).code] == ["daily_call_2", "daily_call_3"]
    copies, community = list(Kind.objects.filter(community_id=here.community.pk)), here.community.name
    names = [(kind.name["zh"], kind.name["en"]) for kind in copies]
    before = shipped("daily_call").name
    assert names == [(f"{before['zh']}（{community}）", f"{before['en']} ({community})")] * 2
    again = services.copy_kind(kind=copies[0], community=here.community, by=here.alice, at=AT)
    assert again.name == copies[0].name, "once is enough"
    seen = {kind.code for kind in kinds_for(here.scope(here.charlie))}
    assert "daily_call" in seen and "daily_call_2" not in seen
    assert not kinds_for(here.scope(here.bob)).exclude(community_id=None).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": {"zh": " ", "en": ""}}, "name_zh"),
        ({"whom": "pets"}, "whom"),
        ({"states": ["away"]}, "states"),
        ({"states": ["done", "not_reached"]}, "states"),
        ({"rules": [{"code": "x", "when": {"code": "gone", "is": [True]}, "propose": {"what": "observation"}}]}, "rules/0/when"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_kind_is_refused_at_its_place(
    here: Neighbourhood, changes: dict, field: str
) -> None:
    kind = own(here)
    with pytest.raises(Refusal) as refused:
        services.change_kind(kind=kind, definition=defined(kind, **changes), version=1, by=here.alice, at=AT)
    assert refused.value.field == field


def test_two_who_change_a_kind_at_once(here: Neighbourhood) -> None:
    kind = own(here)
    services.change_kind(kind=kind, definition=defined(kind, rules=[]), version=1, by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.change_kind(kind=kind, definition=defined(kind), version=1, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="shipped-kind"):
        services.change_kind(
            kind=shipped("survey"), definition=defined(kind), version=1, by=here.alice, at=AT
        )


def test_a_round_of_disinfection_begins_over_the_spots_on_the_list(here: Neighbourhood) -> None:
    kind, client = shipped("disinfection"), signed_in(here.alice)
    with pytest.raises(Refusal, match="no-spots"):
        begun(here, kind=kind, whom="")
    url, spots = reverse("rounds:begin", args=[kind.pk]), reverse("rounds:spots")
    begin = {"name": "消毒", "community": str(here.community.pk), "command_id": str(uuid7())}
    for page in (client.get(url), client.post(url, begin)):
        assert "那里还没有点位" in page.content.decode() and f'<a href="{spots}">' in page.content.decode()
    services.add_spots(
        community=here.community, places=here.stairwells, name="电梯", per_day=2, by=here.alice, at=AT
    )
    page = client.get(url).content.decode()
    assert "那里还没有点位" not in page
    assert 'name="buildings"' in page
    assert not [name for name in ("flag", "from_age", "stay", "post") if f'name="{name}"' in page]
    form = {"name": "消毒", "community": str(here.community.pk), "command_id": str(uuid7())}
    answer = client.post(url, form)
    round_ = Round.objects.get(kind=kind)
    assert answer["Location"] == reverse("rounds:round", args=[round_.pk])
    assert set(round_.entries.values_list("spot__name", flat=True)) == {"电梯"}
    assert round_.frozen_count == len(here.stairwells) and not round_.tube_size
    with pytest.raises(Refusal, match="tube-size"):
        begun(here, kind=kind, whom="", tube_size=10)


def test_no_care_flag_is_proposed_of_a_place(here: Neighbourhood) -> None:
    kind = own(here)
    rule = {
        "code": "r1", "when": {"code": "unwell", "is": [True]}, "propose": {"what": "flag", "flag": "oxygen"},
    }  # fmt: skip
    services.change_kind(kind=kind, definition=defined(kind, rules=[rule]), version=1, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="flag-of-nobody"):
        services.change_kind(
            kind=kind, definition=defined(kind, rules=[rule], whom="spots"), version=2, by=here.alice, at=AT
        )


def test_a_round_is_begun_with_the_kind_that_was_chosen(here: Neighbourhood) -> None:
    client = signed_in(here.alice)
    page = client.get(reverse("rounds:choose_kind")).content.decode()
    address = reverse("rounds:begin", args=[shipped("survey").pk])
    assert address in page
    form = {"command_id": str(uuid7()), "name": "第三轮", "community": str(here.community.pk)}
    answer = client.post(address, form)
    round_ = Round.objects.get()
    assert answer.url == reverse("rounds:round", args=[round_.pk])  # type: ignore[attr-defined]
    assert (round_.kind, round_.whom, round_.entries.count()) == (shipped("survey"), "people", 12)
    assert (
        "来源地与症状排查" in client.get(answer.url, headers={"accept-language": "zh-hans"}).content.decode()
    )  # type: ignore[attr-defined]


def typed(client: Any, kind: Kind) -> dict[str, Any]:
    """What the editor's page would send when nothing was changed."""
    page = client.get(reverse("rounds:change_kind", args=[kind.pk]))
    editor = page.context["editor"]
    sent: dict[str, Any] = {"command_id": str(uuid7())}
    for form in (editor.head, *editor.questions, *editor.rules):
        for bound in form:
            value = bound.value()
            if value not in (None, False, "") and bound.name != "command_id":
                sent[bound.html_name] = value
    return sent


@pytest.mark.parametrize("code", [kind["code"] for kind in shipped_kinds()])
def test_what_the_editor_shows_is_what_it_keeps(here: Neighbourhood, code: str) -> None:
    kind, client = own(here, code), signed_in(here.alice)
    before = defined(kind)
    answer = client.post(reverse("rounds:change_kind", args=[kind.pk]), typed(client, kind) | {"act": "save"})
    assert answer.status_code == 302, answer.context["editor"].cards_at_fault()
    kind.refresh_from_db()
    assert (defined(kind), kind.version) == (before, 2)


def test_a_question_is_added_moved_and_taken_away_without_scripts(here: Neighbourhood) -> None:
    kind, client = own(here), signed_in(here.alice)
    address = reverse("rounds:change_kind", args=[kind.pk])
    sent = typed(client, kind)
    page = client.post(address, sent | {"act": "question-add"})
    assert page.status_code == 200 and len(page.context["editor"].questions) == len(kind.questions) + 1
    page = client.post(address, sent | {"act": "question-up-1"})
    assert [card["code"].value() for card in page.context["editor"].questions][:2] == ["shopping", "to_buy"]
    page = client.post(address, sent | {"act": "rule-remove-0"})
    assert next(card["code"].value() for card in page.context["editor"].rules) == "medicine"
    for strange in ("question-up-99", "question-up-0", "rule-down-77"):
        assert client.post(address, sent | {"act": strange}).status_code == 200
    kind.refresh_from_db()
    assert kind.version == 1, "nothing is kept before it is saved"


def test_a_fault_stands_at_its_field(here: Neighbourhood) -> None:
    kind, client = own(here), signed_in(here.alice)
    sent = typed(client, kind) | {"act": "save", "q1-when_is": "有时候", "q0-text_zh": "", "q0-text_en": ""}
    page = client.post(reverse("rounds:change_kind", args=[kind.pk]), sent)
    editor = page.context["editor"]
    assert page.status_code == 422
    assert list(editor.questions[0].errors) == ["text_zh"] and list(editor.questions[1].errors) == ["when_is"]
    assert 'href="#q1"' in page.content.decode()


def test_a_new_question_with_choices_gets_short_names(here: Neighbourhood) -> None:
    kind, client = own(here, "survey"), signed_in(here.alice)
    sent = typed(client, kind) | {"act": "save"}
    sent["q0-choices"] = "云南 | Yunnan\n西藏 | Tibet\n青海\n都没有 | none of these"
    sent["q1-when_is"], sent["r2-when_is"] = "西藏", "青海\n云南"
    answer = client.post(reverse("rounds:change_kind", args=[kind.pk]), sent)
    assert answer.status_code == 302, [
        card.errors for _a, _n, card in answer.context["editor"].cards_at_fault()
    ]
    kind.refresh_from_db()
    assert [choice["code"] for choice in kind.questions[0]["choices"]] == ["yunnan", "tibet", "c1", "none"]
    assert (kind.questions[1]["when"]["is"], kind.rules[2]["when"]["is"]) == (["tibet"], ["c1", "yunnan"])


def test_a_kind_is_copied_and_offered_no_longer_by_whoever_leads_there(here: Neighbourhood) -> None:
    client, kind = signed_in(here.alice), shipped("six_ones")
    copy_address = reverse("rounds:copy_kind", args=[kind.pk])
    form = {"command_id": str(uuid7()), "community": str(here.community.pk)}
    answers = [client.post(copy_address, form).url for _turn in range(2)]  # type: ignore[attr-defined]
    assert len(set(answers)) == 1
    mine = Kind.objects.get(community_id=here.community.pk)
    foreign = {"command_id": str(uuid7()), "community": str(here.elsewhere.pk)}
    assert client.post(copy_address, foreign).status_code == 404
    for user in (here.bob, here.charlie):
        assert signed_in(user).get(reverse("rounds:kind", args=[mine.pk])).status_code == 404
    assert client.get(reverse("rounds:change_kind", args=[kind.pk])).status_code == 404
    assert (
        client.post(reverse("rounds:end_kind", args=[mine.pk]), {"command_id": str(uuid7())}).status_code
        == 302
    )
    assert client.get(reverse("rounds:kind", args=[mine.pk])).status_code == 404
