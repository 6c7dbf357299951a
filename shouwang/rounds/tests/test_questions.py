"""Questions of a round: which are asked, what an answer may be, how they are said; and what is wrong with a kind."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from shouwang.rounds.engines.counts import count_answers
from shouwang.rounds.engines.definitions import Fault, faults_of
from shouwang.rounds.engines.questions import TYPES, asked, asked_in, clean, values_of
from shouwang.rounds.engines.shipped import CODES, FOLDER, shipped_kinds
from shouwang.rounds.engines.texts import said
from shouwang.rounds.rules import KNOWN, wrong_answer, wrong_kind
from shouwang.rounds.states import AnswerWrong, KindWrong, QuestionType, Whom

SHIPPED = {kind["code"]: kind for kind in shipped_kinds()}
CALL = SHIPPED["daily_call"]["questions"]
WELL = {"to_buy": False, "family_well": True, "unwell": False}


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": {"zh": code, "en": code}, "type": kind, "choices": [], "required": False,
            "when": None, "unit": "", "min": None, "max": None} | more  # fmt: skip


def test_every_kind_of_the_issue_is_shipped_and_well_defined() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CODES)
    for kind in shipped_kinds():
        assert faults_of(kind["questions"], kind["rules"], KNOWN) == [], kind["code"]
        assert kind["whom"] in Whom.values
        texts = json.dumps(kind, ensure_ascii=False)
        assert '"zh": ""' not in texts and '"en": ""' not in texts, "both languages"
    assert SHIPPED["sampling"]["tube_sizes"] == [1, 5, 10, 20] and SHIPPED["daily_call"]["by_phone"]


def test_the_types_and_faults_have_words() -> None:
    assert set(TYPES) == set(QuestionType.values)
    with override("en"):
        for code in AnswerWrong:
            fault = type("F", (), {"code": code.value, "limit": "3"})
            assert wrong_answer(fault) and "%" not in wrong_answer(fault)  # type: ignore[arg-type]
        for wrong in KindWrong:
            assert "%" not in wrong_kind(Fault(("rules", 0, "when"), wrong.value, "x"))


def test_the_daily_call_asks_what_hangs_on_an_answer_only_then() -> None:
    codes = [one["code"] for one in asked(CALL, WELL)]
    assert codes == ["to_buy", "windows", "family_well", "unwell"]
    codes = [one["code"] for one in asked(CALL, WELL | {"unwell": True, "unwell_how": ["fever"]})]
    assert codes[-3:] == ["unwell", "unwell_how", "temperature"]


def test_what_is_not_to_be_asked_is_left_out_and_what_hangs_on_it_too() -> None:
    kept, faults = clean(CALL, WELL | {"unwell_how": ["fever"], "temperature": "39"})
    assert (kept, faults) == (WELL, [])


def test_required_answers_are_required_only_where_everything_could_be_asked() -> None:
    _kept, faults = clean(CALL, {"to_buy": True}, required=True)
    assert [(one.question, one.code) for one in faults] == [
        ("shopping", "missing"), ("family_well", "missing"), ("unwell", "missing"),
    ]  # fmt: skip
    assert clean(CALL, {"to_buy": True}, required=False) == ({"to_buy": True}, [])


@pytest.mark.parametrize(
    ("value", "kept"),
    [("36.50", "36.5"), ("３６．５", "36.5"), (36.5, "36.5"), (" 37 ", "37"), ("400e-1", None), ("33.9", None), ("43.1", None),
     ("", None), (True, None), ("warm", None), ([36], None), ({}, None)],
)  # fmt: skip
def test_a_temperature_is_a_decimal_string_within_its_limits(value: Any, kept: str | None) -> None:
    asking = [question("t", "temperature", min=34, max=43)]
    assert clean(asking, {"t": value})[0].get("t") == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [("yes_no", "yes"), ("yes_no", 1), ("choice", "z"), ("choice", ["a"]), ("choices", "a"), ("choices", ["z"]),
     ("choices", [[]]), ("text", 7), ("text", "x" * 501), ("number", "1/2")],
)  # fmt: skip
def test_an_answer_of_the_wrong_sort_is_named_at_its_question(kind: str, value: Any) -> None:
    choices = [{"code": "a", "text": {"zh": "甲", "en": "a"}}, {"code": "b", "text": {"zh": "乙", "en": "b"}}]
    kept, faults = clean([question("q", kind, choices=choices)], {"q": value})
    assert kept == {} and [one.question for one in faults] == ["q"]


def test_an_answer_to_no_question_is_a_fault() -> None:
    assert [one.code for one in clean(CALL, WELL | {"income": "3000"})[1]] == ["not-asked"]


def test_phones_are_sent_one_language_in_the_form_of_the_protocol() -> None:
    origin = asked_in(SHIPPED["survey"]["questions"], "en-GB")[0]
    assert set(origin) == {"code", "text", "type", "choices", "required", "when", "unit", "min", "max"}
    assert origin["choices"][0] == {"code": "yunnan", "text": "Yunnan"}
    assert asked_in(SHIPPED["survey"]["questions"], "zh-hans")[0]["choices"][4]["text"] == "重庆"
    assert asked_in(SHIPPED["survey"]["questions"], "zh-hant")[0]["choices"][4]["text"] == "重慶"
    assert said({"zh": "药", "en": ""}, "en") == "药" and said("℃", "en") == "℃"


Broken = list[tuple[tuple[str | int, ...], str]]


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [
        (("questions", 1, "code"), "To Buy", ("questions", 1, "code"), "bad-code"),
        (("questions", 1, "code"), "to_buy", ("questions", 1, "code"), "code-twice"),
        (("questions", 0, "text"), {"zh": " ", "en": ""}, ("questions", 0, "text"), "text-missing"),
        (("questions", 0, "text"), {"zh": "问" * 201}, ("questions", 0, "text"), "text-too-long"),
        (("questions", 0, "type"), "colour", ("questions", 0, "type"), "bad-type"),
        (("questions", 6, "choices"), [], ("questions", 6, "choices"), "choices-few"),
        (("questions", 0, "min"), 3, ("questions", 0, "min"), "bad-limit"),
        (("questions", 7, "max"), 30, ("questions", 7, "max"), "limits-crossed"),
        (
            ("questions", 0, "when"),
            {"code": "unwell", "is": [True]},
            ("questions", 0, "when"),
            "when-unknown",
        ),
        (("questions", 1, "when", "is"), [], ("questions", 1, "when"), "when-empty"),
        (("questions", 1, "when", "is"), [1], ("questions", 1, "when"), "when-no-choice"),
        (("rules", 0, "code"), "medicine", ("rules", 1, "code"), "code-twice"),
        (("rules", 0, "when"), {"code": "to_buy", "at_least": 3}, ("rules", 0, "when"), "when-no-number"),
        (("rules", 0, "propose"), {"what": "fine"}, ("rules", 0, "what"), "bad-proposal"),
        (("rules", 0, "propose", "category"), "gossip", ("rules", 0, "category"), "bad-category"),
        (("rules", 0, "propose", "urgency"), "", ("rules", 0, "urgency"), "bad-urgency"),
        (("rules", 0, "propose", "title"), {}, ("rules", 0, "title"), "text-missing"),
        (("rules", 0, "propose"), {"what": "flag", "flag": "rude"}, ("rules", 0, "flag"), "bad-flag"),
    ],
)
def test_a_fault_of_a_kind_is_told_with_its_place(path: tuple, value: Any, where: tuple, code: str) -> None:
    kind = copy.deepcopy(SHIPPED["daily_call"])
    at: Any = kind
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert (where, code) in [
        (fault.where, fault.code) for fault in faults_of(kind["questions"], kind["rules"], KNOWN)
    ]


def answers_to(questions: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    def values(one: dict[str, Any]) -> st.SearchStrategy[Any]:
        known = values_of(one)
        if one["type"] == "choices":
            return st.lists(st.sampled_from(known), unique=True)
        return st.sampled_from(known) if known else st.sampled_from(["", "39", "40.0", "土豆", "x" * 501])

    return st.fixed_dictionaries({}, optional={one["code"]: values(one) for one in questions})


@given(
    st.sampled_from(sorted(SHIPPED)).flatmap(
        lambda code: st.tuples(st.just(code), answers_to(SHIPPED[code]["questions"]))
    )
)
def test_what_is_kept_was_asked_and_kept_again_is_the_same(told: tuple[str, dict[str, Any]]) -> None:
    questions = SHIPPED[told[0]]["questions"]
    kept, _faults = clean(questions, told[1], required=False)
    assert set(kept) <= {one["code"] for one in asked(questions, kept)}
    assert clean(questions, kept, required=False) == (kept, [])


def test_counts_are_in_order_with_those_that_nobody_gave() -> None:
    counted = count_answers(
        CALL,
        [
            ("1", WELL),
            ("2", WELL | {"unwell": True, "unwell_how": ["fever", "other"], "temperature": "38.5"}),
        ],
    )
    by_code = {one.question["code"]: one for one in counted}
    assert by_code["unwell"].values == [(True, 1), (False, 1)]
    assert dict(by_code["unwell_how"].values) == {"fever": 1, "breath": 0, "medicine": 0, "other": 1}
    assert by_code["temperature"].numbers == ("38.5", "38.5", "38.5")
    assert (by_code["unwell"].homes, by_code["unwell"].any_of) == ([1, 1], None)


def test_people_and_households_are_counted_and_any_of_a_list_of_places() -> None:
    (origin,) = [one for one in SHIPPED["survey"]["questions"] if one["code"] == "origin"]
    said = [("a", "yunnan"), ("a", "jilin"), ("b", "yunnan"), (None, "yunnan"), ("c", "none")]
    (counted,) = count_answers([origin], [(home, {"origin": place}) for home, place in said])
    by_place = {value: (n, homes) for (value, n), homes in zip(counted.values, counted.homes, strict=True)}
    assert (by_place["yunnan"], by_place["jilin"], by_place["none"]) == ((3, 2), (1, 1), (1, 1))
    assert counted.any_of == (4, 2)
