"""The bank's services: asked, checked, split, looked at by others, carried, at the door; and all that stops it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry, DueRow
from shouwang.goods.models import Balance, MedicineAsk, MedicineErrand, MedicineIssue, MedicineNote, Movement
from shouwang.goods.selectors import medicine_promise as promise
from shouwang.goods.selectors.medicine import notes_of, offers_near
from shouwang.goods.selectors.medicine_board import bank_lines, board_rows, grown
from shouwang.goods.selectors.medicine_checks import limit_of, months_at, verdict_of
from shouwang.goods.selectors.medicine_faces import copy_parts, today_items, work_for
from shouwang.goods.selectors.medicine_past import medicine_past_count, medicine_texts_left
from shouwang.goods.selectors.store import stock_of
from shouwang.goods.services import medicine_asks as asks
from shouwang.goods.services import medicine_errands as errands
from shouwang.goods.services import medicine_issues as issues
from shouwang.goods.services import medicine_offers as offers
from shouwang.goods.services.medicine_asks import Asker, Wanted
from shouwang.goods.services.medicine_erasing import erase_medicine_texts
from shouwang.goods.services.medicine_limits import set_limit
from shouwang.goods.services.medicine_notes import end_allergy, note_allergies
from shouwang.goods.services.store import add_item, add_shelf, bring_in
from shouwang.goods.tests.medicine_world import GOOD, Bank, asked, bank_world, in_bank, offered, shelf_of
from shouwang.incidents.tests.neighbourhood import AT, add_user, do_due
from shouwang.notices.models import Message
from shouwang.people.services import add_flag, add_person, merge_persons
from shouwang.volunteers.models import Commitment
from shouwang.volunteers.services import enrol, stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def bank(db: object) -> Bank:
    return bank_world()


def counted(
    bank: Bank, ask: MedicineAsk, quantity: int = 1, by: object = None, minutes: float = 5
) -> MedicineIssue:
    there = shelf_of(ask)
    return issues.count_out(
        ask=ask,
        lot=there.lot,
        shelf=there.shelf,
        quantity=quantity,
        by=by or bank.gina,
        at=bank.later(minutes),
    )


def test_from_the_call_to_the_door(bank: Bank) -> None:
    lot = in_bank(bank)
    ask = asked(bank)
    assert (ask.state, ask.outcome, ask.urgency) == ("asked", "ok", "now")
    assert ask.due_at == bank.later(30)
    issue = counted(bank, ask)
    assert issue.state == "ready" and issue.lot.parent_id == lot.pk and issue.lot.expires_on == GOOD
    assert stock_of(lot.item) == 1
    errand = errands.send_to_bring(issue=issue, volunteer=bank.vera, by=bank.gina, at=bank.later(8))
    assert [item.key for item in work_for(bank.vera.user, bank.later(9))] == [f"medicine:{errand.pk}"]
    errands.finish_errand(errand=errand, by=bank.vera.user, at=bank.later(27))
    ask.refresh_from_db()
    assert ask.state == "at_the_door" and ask.minutes(bank.later(99)) == 27
    assert not Commitment.objects.filter(state="open").exists()
    assert not DueRow.objects.filter(kind="goods.medicine_watch").exists()
    assert all(not found[1] for found in (promise.against_allergies(None), promise.not_as_moved(None),
                                          promise.issued_twice(None), promise.without_second_eyes(None)))  # fmt: skip


def test_under_three_months_a_doctor_first_and_ibuprofen_is_refused_under_six(bank: Bank) -> None:
    younger = add_person(household=bank.home, name="小妹", birth=(2025, 12, 30), by=bank.alice, at=AT)
    in_bank(bank)
    ask = asked(bank, person=younger)
    assert (ask.state, ask.outcome) == ("doctor_first", "ask_doctor")
    with pytest.raises(Conflict):
        counted(bank, ask)
    asks.doctor_agreed(ask=ask, words="社区医院李医生：可以按说明书用", by=bank.gina, at=bank.later(9))
    ask.refresh_from_db()
    assert (ask.state, ask.outcome, ask.doctor_by) == ("asked", "ok", bank.gina)
    in_bank(bank, "ibuprofen_drops")
    refused = asked(bank, "ibuprofen_drops", at=bank.later(1))
    assert (refused.state, refused.outcome) == ("asked", "refused")
    with pytest.raises(Refusal, match="check-not-passed"):
        counted(bank, refused)


def test_danger_signs_are_not_put_aside_by_a_word(bank: Bank) -> None:
    ask = asked(bank, answers={"signs": ["drowsy"]})
    assert ask.state == "doctor_first"
    asks.doctor_agreed(ask=ask, words="李医生说可以", by=bank.gina, at=AT)
    ask.refresh_from_db()
    assert ask.state == "doctor_first"


def test_nothing_against_an_allergy_and_nobody_merges_it_away(bank: Bank) -> None:
    in_bank(bank)
    note_allergies(person=bank.baby, substances=["paracetamol"], by=bank.alice, at=AT)
    ask = asked(bank)
    assert ask.outcome == "refused"
    with pytest.raises(Refusal, match="check-not-passed"):
        counted(bank, ask)
    note_allergies(person=bank.baby, substances=["ibuprofen"], by=bank.gina, at=AT)
    assert {note.substance for note in notes_of(bank.baby)} == {"paracetamol", "ibuprofen"}
    [first, _second] = notes_of(bank.baby)
    with pytest.raises(Refusal, match="no-reason"):
        end_allergy(note=first, why=" ", by=bank.alice, at=AT)
    end_allergy(note=first, why="父亲确认当时是皮疹误会，医生已看过", by=bank.alice, at=bank.later(1))
    assert verdict_of(ask, bank.later(2)).outcome == "ok"
    with pytest.raises(Conflict):
        end_allergy(note=first, why="再一次", by=bank.alice, at=bank.later(2))


def test_what_is_said_on_the_phone_stays_with_the_person(bank: Bank) -> None:
    asked(bank, answers={"allergies": ["penicillin"]})
    [note] = MedicineNote.objects.all()
    assert note.person == bank.baby and note.noted_by == bank.gina
    assert "penicillin" not in str(
        MedicineNote.objects.filter(pk=note.pk).values_list("substance", flat=True)
    )


def test_two_entries_that_were_one_person_keep_both_words(bank: Bank) -> None:
    twice = add_person(household=bank.home, name="小宝宝", birth=(2025, 11, 10), by=bank.alice, at=AT)
    note_allergies(person=twice, substances=["ibuprofen"], by=bank.alice, at=AT)
    note_allergies(person=bank.baby, substances=["penicillin"], by=bank.alice, at=AT)
    merge_persons(survivor=bank.baby, alias=twice, by=bank.alice, at=AT)
    do_due("clock", bank.later(1))
    assert {note.substance for note in notes_of(bank.baby)} == {"ibuprofen", "penicillin"}


def test_allergies_not_asked_is_no(bank: Bank) -> None:
    assert asked(bank, answers={"allergies": None}).outcome == "refused"


def test_a_care_flag_counts_even_when_only_proposed(bank: Bank) -> None:
    mother = add_person(household=bank.home, name="小宝妈", birth=(1992, 3, 3), by=bank.alice, at=AT)
    add_flag(
        household=bank.home,
        person=mother,
        kind="pregnant",
        source="来电",
        state="proposed",
        by=bank.alice,
        at=AT,
    )
    assert asked(bank, "ibuprofen_capsule", 2, person=mother).outcome == "refused"


def test_not_twice_for_one_ask_and_not_the_same_ingredient_again(bank: Bank) -> None:
    in_bank(bank, quantity=5)
    ask = asked(bank)
    counted(bank, ask)
    with pytest.raises(Conflict):
        counted(bank, ask)
    again = asked(bank, at=bank.later(60))
    assert again.outcome == "refused"
    other = asked(bank, "child_cold_granules", at=bank.later(60))
    assert other.outcome == "refused"


def test_limits_of_a_household_and_of_the_community(bank: Bank) -> None:
    in_bank(bank, "paracetamol_tablet", 60)
    mother = add_person(household=bank.home, name="小宝妈", birth=(1992, 3, 3), by=bank.alice, at=AT)
    grandmother = add_person(household=bank.home, name="奶奶", birth=(1958, 3, 3), by=bank.alice, at=AT)
    for person in (bank.father, mother):
        counted(bank, asked(bank, "paracetamol_tablet", 12, person=person), 12)
    assert asked(bank, "paracetamol_tablet", 6, person=grandmother, at=bank.later(6)).outcome == "refused"
    set_limit(community=bank.here.community, medicine="paracetamol_tablet", units=10, household_units=30, days=7,
              by=bank.alice, at=AT)  # fmt: skip
    assert limit_of(bank.here.community.pk, "paracetamol_tablet").own
    assert asked(bank, "paracetamol_tablet", 6, person=grandmother, at=bank.later(7)).outcome == "ok"
    with pytest.raises(Refusal, match="limit-high"):
        set_limit(community=bank.here.community, medicine="paracetamol_tablet", units=25, household_units=30, days=7,
                  by=bank.alice, at=AT)  # fmt: skip


def test_prescription_only_needs_a_prescription_and_other_eyes(bank: Bank) -> None:
    in_bank(bank, "amoxicillin_capsule", 20)
    ask = asked(bank, "amoxicillin_capsule", 6, person=bank.father, answers={"fever": False})
    assert ask.state == "doctor_first"
    asks.doctor_agreed(ask=ask, words="医生说可以", by=bank.gina, at=AT)
    ask.refresh_from_db()
    assert ask.state == "doctor_first"
    said = Wanted(
        medicine="amoxicillin_capsule",
        quantity=6,
        answers={"allergies": [], "prescribed": ["amoxicillin_capsule"]},
    )
    asks.answer_again(ask=ask, wanted=said, by=bank.gina, at=AT)
    ask.refresh_from_db()
    issue = counted(bank, ask, 6)
    assert issue.state == "counted"
    assert {m.to for m in Message.objects.filter(template="goods.medicine_second")} == {bank.alice}
    with pytest.raises(Conflict):
        errands.send_to_bring(issue=issue, volunteer=bank.vera, by=bank.gina, at=AT)
    with pytest.raises(Refusal, match="same-person"):
        issues.second_look(issue=issue, by=bank.gina, at=AT)
    issues.second_look(issue=issue, by=bank.alice, at=bank.later(7))
    issue.refresh_from_db()
    assert issue.state == "ready" and issue.second_by == bank.alice
    assert promise.without_second_eyes(None) == (1, [])


def test_taken_back_it_is_on_its_shelf_again(bank: Bank) -> None:
    lot = in_bank(bank)
    issue = counted(bank, asked(bank))
    issues.take_back(issue=issue, reason="父亲买到了", by=bank.gina, at=bank.later(9))
    assert stock_of(lot.item) == 2 and Balance.objects.filter(lot=issue.lot).get().quantity == 1
    issue.ask.refresh_from_db()
    assert issue.ask.state == "asked"
    counted(bank, issue.ask, minutes=12)


def test_what_a_neighbour_has_is_fetched_and_neither_hears_of_the_other(bank: Bank) -> None:
    far = offered(bank, household=bank.here.households[5], name="远处人家")
    near = offered(bank)
    ask = asked(bank)
    assert [row.pk for row in offers_near(ask)] == [near.pk, far.pk]
    asks_matched = offers.match_offer(ask=ask, offer=near, by=bank.gina, at=bank.later(2))
    other = asked(bank, person=bank.father, at=bank.later(1), answers={"fever": False})
    with pytest.raises(Conflict):
        offers.match_offer(ask=other, offer=near, by=bank.gina, at=bank.later(2))
    errand = errands.send_to_fetch(ask=asks_matched, volunteer=bank.vera, by=bank.gina, at=bank.later(3))
    assert errand.dwelling == near.dwelling
    errands.finish_errand(errand=errand, by=bank.vera.user, at=bank.later(9))
    offers.take_in_offer(offer=near, by=bank.gina, at=bank.later(10))
    ask.refresh_from_db()
    assert ask.state == "asked"
    counted(bank, ask, minutes=11)
    said = " ".join(f"{m.sentence()} {m.discreet()}" for m in Message.objects.all())
    for word in ("王奶奶", "小宝", "对乙酰氨基酚", "19900010001"):
        assert word not in said
    assert "王奶奶" not in " ".join(Movement.objects.values_list("origin", flat=True))


def test_the_clock_tells_who_is_on_duty_at_ten_twenty_and_thirty_minutes(bank: Bank) -> None:
    from shouwang.places.services import appoint

    dora = add_user("Dora")
    appoint(place=bank.here.community, role="on_call", holder=dora, by=bank.alice, at=AT)
    ask = asks.ask_for_medicine(
        community=bank.here.community, asker=Asker(household=bank.home, person=bank.baby),
        wanted=Wanted("paracetamol_drops", answers={"allergies": [], "fever": True}), by=dora, at=AT,
    )  # fmt: skip

    def told() -> set[str]:
        return {m.to.name for m in Message.objects.filter(template="goods.medicine_waits")}

    do_due("clock", bank.later(9))
    assert told() == set()
    do_due("clock", bank.later(10))
    assert told() == {"Dora"}
    do_due("clock", bank.later(20))
    assert told() == {"Dora", "Gina"}
    do_due("clock", bank.later(30))
    assert told() == {"Dora", "Gina", "Alice"}
    do_due("clock", bank.later(90))
    assert Message.objects.filter(template="goods.medicine_waits").count() == 6
    assert board_rows(bank.here.scope(bank.alice), bank.later(31))[0].late and ask.is_late(bank.later(31))


def test_somebody_stood_down_leaves_the_bag_ready_for_another(bank: Bank) -> None:
    in_bank(bank)
    issue = counted(bank, asked(bank))
    errand = errands.send_to_bring(issue=issue, volunteer=bank.vera, by=bank.gina, at=bank.later(6))
    stand_down(volunteer=bank.vera, reason="ill", by=bank.alice, at=bank.later(7))
    do_due("clock", bank.later(7))
    issue.refresh_from_db(), errand.refresh_from_db()
    assert (issue.state, errand.state) == ("ready", "left")
    other = enrol(user=add_user("Wei"), home=bank.here.stairwells[1], by=bank.alice, at=AT)
    errands.send_to_bring(issue=issue, volunteer=other, by=bank.gina, at=bank.later(8))
    assert not Commitment.objects.filter(state="to_reoffer").exists()


@pytest.mark.parametrize(
    ("code", "more", "why"),
    [
        ("paracetamol_drops", {"expires_on": date(2026, 2, 20)}, "expired"),
        ("paracetamol_drops", {"expires_on": None}, "expired"),
        ("paracetamol_drops", {"opened": True}, "opened"),
        ("codeine_syrup", {}, "never"),
    ],
)
def test_what_is_not_taken_in(bank: Bank, code: str, more: dict[str, object], why: str) -> None:
    offer = offered(bank, code, **more)
    with pytest.raises(Refusal, match="offer-unsound"):
        offers.take_in_offer(offer=offer, by=bank.alice, at=AT)
    offers.decline_offer(offer=offer, fault="expired", by=bank.alice, at=AT)
    assert not Movement.objects.exists()


def test_the_father_gives_a_bottle_himself_and_the_bank_grew(bank: Bank) -> None:
    in_bank(bank)
    issue = counted(bank, asked(bank))
    issues.delivered(issue=issue, by=bank.gina, at=bank.later(33))
    back = offers.take_in_offer(offer=offered(bank, household=bank.home, name="小宝爸", at=bank.later(2000)), by=bank.alice,
                                at=bank.later(2001))  # fmt: skip
    assert back.gives_back
    [line] = bank_lines(bank.here.scope(bank.alice), bank.later(2002))
    assert (line.came, line.went, line.here, line.given_back) == (4, 1, 3, 2)
    figures = grown(bank.here.scope(bank.alice))
    assert (figures.packs, figures.bags, figures.given_back, figures.fastest) == (2, 1, 1, 33)


def test_a_thermometer_is_asked_for_on_the_same_board(bank: Bank) -> None:
    item = add_item(
        community=bank.here.community, name="体温计", unit="支", category="health", by=bank.alice, at=AT
    )
    shelf = add_shelf(community=bank.here.community, name="库房", by=bank.alice, at=AT)
    lot = bring_in(item=item, shelf=shelf, quantity=3, kind="donated", by=bank.alice, at=AT)
    ask = asks.ask_for_medicine(
        community=bank.here.community,
        asker=Asker(household=bank.home),
        wanted=Wanted(item=item),
        by=bank.gina,
        at=AT,
    )
    assert ask.outcome == "ok" and board_rows(bank.here.scope(bank.alice), AT)[0].next == "count"
    issue = issues.count_out(ask=ask, lot=lot, shelf=shelf, quantity=1, by=bank.gina, at=AT)
    assert issue.state == "ready" and stock_of(item) == 2


def test_faces_and_own_copy(bank: Bank) -> None:
    in_bank(bank)
    ask = asked(bank, answers={"allergies": ["penicillin"]})
    [row] = today_items(bank.here.scope(bank.alice), bank.later(12))
    assert ask.spoken_number in str(row.title)
    assert today_items(bank.here.scope(bank.here.bob), bank.later(12)) == []
    assert len(copy_parts(bank.baby.pk, AT)) == 2


def test_erased_after_its_days(bank: Bank) -> None:
    in_bank(bank)
    issue = counted(bank, asked(bank, answers={"allergies": ["penicillin"]}))
    issues.delivered(issue=issue, by=bank.gina, at=bank.later(20))
    late = AT + timedelta(days=92)
    assert medicine_past_count(late) == 3
    assert erase_medicine_texts(late, 200) == 3
    assert medicine_past_count(late) == medicine_texts_left(late) == 0
    issue.refresh_from_db()
    assert (issue.person, issue.household, issue.medicine, issue.checks, issue.quantity) == (
        None,
        None,
        "",
        {},
        1,
    )
    assert not MedicineNote.objects.exists()


def test_nothing_of_health_is_in_the_record_of_acts(bank: Bank) -> None:
    in_bank(bank)
    asked(bank, answers={"allergies": ["penicillin"]})
    said = str(
        list(AuditEntry.objects.filter(kind__startswith="goods.medicine").values_list("payload", flat=True))
    )
    for word in ("penicillin", "paracetamol", "三个月", "小宝"):
        assert word not in said


def test_ends_and_what_stands_in_the_way(bank: Bank) -> None:
    in_bank(bank)
    ask = asked(bank)
    issue = counted(bank, ask)
    with pytest.raises(Conflict):
        asks.end_ask(ask=ask, state="withdrawn", by=bank.gina, at=AT)
    errand = errands.send_to_bring(issue=issue, volunteer=bank.vera, by=bank.gina, at=AT)
    with pytest.raises(Conflict):
        issues.take_back(issue=issue, reason="不用了", by=bank.gina, at=AT)
    errands.leave_errand(errand=errand, by=bank.vera.user, at=AT)
    issues.take_back(issue=issue, reason="不用了", by=bank.gina, at=AT)
    asks.end_ask(ask=ask, state="withdrawn", by=bank.gina, at=AT)
    assert MedicineErrand.objects.get().state == "left"


def test_months() -> None:
    class Person:
        birth_year, birth_month, birth_day = 2025, 11, 10

    assert months_at(Person(), date(2026, 2, 9)) == 2  # type: ignore[arg-type]
    assert months_at(Person(), date(2026, 2, 10)) == 3  # type: ignore[arg-type]
