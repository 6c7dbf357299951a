"""The table of medicines in words: sentences and sources in the reader's language, names as they stand on the packet."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from shouwang.accounts.models import User
from shouwang.goods.engines.medicines import Patient, check, table
from shouwang.goods.selectors.medicine_checks import told
from shouwang.goods.selectors.medicine_table import rule_said, table_page
from shouwang.goods.states.medicine_names import amount_said, medicine_name, name_with_brands
from shouwang.goods.tests.medicine_world import Bank, bank_world, offered

KNOWN = table()
HANZI = re.compile(r"[\u3400-\u9fff]+")
# A code of the table: two lower-case words with a line between them.
CODE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b")
# What has no Chinese writing: bodies that made a source, and the name of an enzyme.
LATIN = {"NHS", "FDA", "NICE", "NG", "MHRA", "ANSM", "AIFA", "GPD"}


def rules(code: str) -> dict[str, str]:
    """Sentence to outcome, as the page of this medicine says it."""
    found = next(card for card in table_page("").cards if card.code == code)
    return {rule.sentence: rule.outcome for rule in found.rules}


def test_each_rule_is_a_sentence_in_english() -> None:
    with override("en"):
        drops = rules("ibuprofen_drops")
        assert drops["Under 6 months"] == drops["Under 5 kg"] == "refused"
        assert drops["Pregnant"] == "ask_doctor" and drops["Pregnant, from week 20"] == "refused"
        assert drops["Within 8 hours of the last time it was taken"] == "refused"
        assert drops["Within 3 days of the last time the bank gave it"] == "refused"
        assert drops["More than 1 bottle for one person in 7 days"] == "refused"
        assert rules("paracetamol_drops")["Under 3 months"] == "ask_doctor"
        assert rules("aspirin_tablet")["Under 16 years"] == "refused"
        assert rules("codeine_syrup")["Never passed on by the bank"] == "refused"
        assert "More than 12 tablets for one person in 7 days" in rules("paracetamol_tablet")


def test_each_rule_is_a_sentence_in_chinese() -> None:
    with override("zh-hans"):
        drops = rules("ibuprofen_drops")
        assert drops["不满6个月"] == "refused" and drops["每人7天内超过1瓶"] == "refused"
        assert rules("aspirin_tablet")["不满16岁"] == "refused"


def test_a_sentence_stands_once_with_its_strictest_outcome_and_all_its_sources() -> None:
    """Dextromethorphan: 'ask' by its class, 'no' by itself."""
    with override("en"):
        card = next(card for card in table_page("").cards if card.code == "cold_four_tablet")
    [pregnant] = [rule for rule in card.rules if rule.sentence == "Pregnant"]
    assert pregnant.outcome == "refused" and len(pregnant.marks.split(", ")) == 2
    marks = {int(number) for rule in card.rules for number in rule.marks.split(", ")}
    assert marks == set(range(1, len(card.sources) + 1))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_rule_is_a_code(language: str) -> None:
    with override(language):
        for one in KNOWN.medicines.values():
            for rule in one.all_rules:
                said = rule_said(rule, one)
                assert said and not CODE.search(said) and "%" not in said
                assert bool(HANZI.search(said)) == (language == "zh-hans")


def test_all_of_the_page_is_in_one_language() -> None:
    packet = [
        one.name for one in (*KNOWN.medicines.values(), *KNOWN.substances.values(), *KNOWN.classes.values())
    ]
    packet = sorted(packet, key=len, reverse=True)
    with override("en"):
        page = table_page("")
    for text in (*page.sources, *(source for card in page.cards for source in card.sources)):
        assert not HANZI.search(text)
    for rule in (*page.pairs, *page.crosses):
        for name in packet:
            rule = type(rule)(rule.sentence.replace(name, ""), rule.outcome, rule.marks)
        assert not HANZI.search(rule.sentence)
    with override("zh-hans"):
        page = table_page("")
    said = [rule.sentence for card in page.cards for rule in card.rules]
    said += [rule.sentence for rule in (*page.pairs, *page.crosses)]
    said += [*page.sources, *(source for card in page.cards for source in card.sources)]
    said += [text for card in page.cards for text in (card.name, card.brands, card.contains)]
    assert set(re.findall(r"[A-Za-z]+", " ".join(said).replace("G6PD", "GPD"))) <= LATIN


def test_what_does_not_go_together_is_said() -> None:
    with override("en"):
        page = table_page("")
    pairs = {rule.sentence: rule.outcome for rule in page.pairs}
    assert pairs["Paracetamol (对乙酰氨基酚) and ibuprofen (布洛芬) in turns"] == "ask_doctor"
    assert pairs["Alcohol (乙醇) together with cephalosporins (头孢菌素类)"] == "refused"
    assert "penicillins (青霉素类)" in page.crosses[0].sentence


def test_names_in_either_language() -> None:
    tablet, sub = KNOWN.medicines["paracetamol_tablet"], KNOWN.substances["ibuprofen"]
    with override("en"):
        assert medicine_name(tablet) == "paracetamol tablets 500 mg (对乙酰氨基酚片)"
        assert name_with_brands(tablet) == "paracetamol tablets 500 mg (对乙酰氨基酚片, 扑热息痛, 必理通)"
        assert medicine_name(sub) == "ibuprofen (布洛芬)"
        assert (amount_said(1, "片"), amount_said(12, "片"), amount_said(3, "个")) == (
            "1 tablet",
            "12 tablets",
            "3个",
        )
    for language in ("zh-hans", "zh-hant"):
        with override(language):
            assert medicine_name(tablet) == "对乙酰氨基酚片"
            assert name_with_brands(tablet) == "对乙酰氨基酚片（扑热息痛、必理通）"
    with override("zh-hans"):
        assert amount_said(12, "片") == "12片"


def test_findings_say_their_sources_in_the_readers_language() -> None:
    verdict = check(KNOWN.medicines["codeine_syrup"], Patient(months=480, allergies=frozenset()), 1)
    with override("zh-hans"):
        found = told(verdict)[0]
        assert "可待因" in found.sentence and "codeine" not in found.sentence
        assert any("国务院令第442号" in source for one in told(verdict) for source in one.sources)
    with override("en"):
        assert not any(HANZI.search(source) for one in told(verdict) for source in one.sources)


def client_of(user: User, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def bank(db: object) -> Bank:
    return bank_world()


def test_the_page_searches_by_name_brand_and_ingredient(bank: Bank) -> None:
    alice = client_of(bank.alice, "en")
    for said in ("美林", "ibuprofen suspension", "布洛芬"):
        page = unescape(alice.get("/goods/medicine/table/", {"q": said}).content.decode())
        assert "Ibuprofen suspension for children (布洛芬混悬液)" in page and "蒙脱石" not in page
        assert "refused" not in page and "ask_doctor" not in page
    page = alice.get("/goods/medicine/table/", {"q": "扳手"}).content.decode()
    assert "Nothing in the table is called so" in page and "Show the whole table" in page
    assert (
        "表里没有这个药"
        in client_of(bank.alice, "zh-hans").get("/goods/medicine/table/?q=x!").content.decode()
    )


def test_lists_and_selects_name_it_alike(bank: Bank) -> None:
    offer = offered(bank, "ibuprofen_suspension", 2)
    english, chinese = client_of(bank.alice, "en"), client_of(bank.alice, "zh-hans")
    for path in ("/goods/medicine/offers/", f"/goods/medicine/offers/{offer.pk}/", "/goods/medicine/bank/"):
        page = english.get(path).content.decode()
        assert "Ibuprofen suspension for children (布洛芬混悬液)" in page, path
        page = chinese.get(path).content.decode()
        assert "布洛芬混悬液" in page and "buprofen" not in page.replace("ibuprofen_", ""), path
    assert "2 bottles" in english.get("/goods/medicine/offers/").content.decode()
    assert "2瓶" in chinese.get("/goods/medicine/offers/").content.decode()
    assert (
        "ibuprofen suspension for children (布洛芬混悬液, 美林"
        in english.get("/goods/medicine/new/").content.decode()
    )
