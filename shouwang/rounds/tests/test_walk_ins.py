"""Those who come without an entry: taken in at once, placed once, and then forgotten but for who they are."""

from __future__ import annotations

import pytest

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood
from shouwang.people.models import Person
from shouwang.people.services import change_person, end_membership
from shouwang.rounds import services
from shouwang.rounds.models import Attempt, Entry, Tube, WalkIn
from shouwang.rounds.registry.table import walk_ins_waiting
from shouwang.rounds.selectors import counts_of, kept_counts, recount
from shouwang.rounds.selectors.table import find_entry, walk_ins_unplaced
from shouwang.rounds.selectors.tubes import row_of
from shouwang.rounds.services import Shown
from shouwang.rounds.tests.table_world import came, filled, id_number, put, sampling
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def numbered(
    here: Neighbourhood, name: str, serial: int = 7, kind: str = "resident_id", number: str = ""
) -> Person:
    person = Person.objects.get(name=name)
    return change_person(
        person=person, id_kind=kind, id_number=number or id_number(serial), by=here.alice, at=AT
    )


def test_somebody_unknown_is_counted_beside_the_roster_and_in_the_tube(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head")
    done = came(
        here, round_, "约翰", document="passport", number="E12345678", phone="1990000 9999", tube="TUBE0001"
    )
    assert done.walk_in is not None and done.heard is None
    assert (done.walk_in.number, done.walk_in.phone, row_of(tube).people) == ("E12345678", "19900009999", 2)
    assert (walk_ins_unplaced(round_), counts_of(here.scope(here.alice), round_).total) == (1, 12)
    assert [item.key for item in walk_ins_waiting(here.scope(here.alice), AT)] == [f"walk-ins:{round_.pk}"]
    assert not walk_ins_waiting(here.scope(here.bob), AT)


def test_the_number_stands_nowhere_in_the_table_in_plain(here: Neighbourhood) -> None:
    came(here, sampling(here), document="id", number=id_number(9))
    kept = WalkIn.objects.values("number", "number_index").get()
    assert id_number(9) not in str(kept) and kept["number"].startswith("k")


def test_the_same_command_twice_is_one_person(here: Neighbourhood) -> None:
    round_, one = sampling(here), uuid7()
    about = {"round_": round_, "walk_in_id": one, "scope": here.scope(here.alice), "by": here.alice, "at": AT}
    ids = [services.add_walk_in(shown=Shown("张三"), **about).walk_in.pk for _turn in range(2)]
    assert ids == [one, one] and WalkIn.objects.count() == 1


def test_a_number_that_the_register_knows_is_that_persons_entry(here: Neighbourhood) -> None:
    round_, one = sampling(here), uuid7()
    numbered(here, "居民3head")
    about = {"round_": round_, "walk_in_id": one, "scope": here.scope(here.alice), "by": here.alice, "at": AT}
    for _turn in range(2):
        services.add_walk_in(shown=Shown("老王", "id", id_number(7), tube="TUBE0001"), **about)
    entry = entry_of(round_, "居民3head")
    assert (entry.state, entry.last, entry.tries) == ("done", one, 1)
    assert Attempt.objects.get().tube == "TUBE0001" and not WalkIn.objects.exists()


def test_somebody_of_the_register_who_is_not_on_the_roster_comes_onto_it(here: Neighbourhood) -> None:
    round_ = sampling(here, places=here.buildings[:1])
    numbered(here, "居民5head")
    came(here, round_, "居民五", document="id", number=id_number(7), tube="TUBE0001")
    entry = entry_of(round_, "居民5head")
    assert (entry.state, entry.why, recount(round_.pk)) == ("done", "walk_in", kept_counts(round_.pk))
    services.mark_entry(entry=entry, state="waiting", by=here.alice, at=AT)
    services.keep_true(round_id=round_.pk, at=AT)
    entry.refresh_from_db()
    assert entry.state == "waiting", "they never lived there, so they have not left"


def test_what_lies_out_of_scope_stays_a_walk_in(here: Neighbourhood) -> None:
    """The head of another stairwell learns nothing of whom the number belongs to, and writes nothing there."""
    round_ = sampling(here)
    numbered(here, "居民5head")
    done = services.add_walk_in(
        round_=round_, shown=Shown("居民五", "id", id_number(7)), walk_in_id=uuid7(), scope=here.scope(here.bob),
        by=here.bob, at=AT,
    )  # fmt: skip
    assert done.walk_in is not None and entry_of(round_, "居民5head").state == "waiting"


@pytest.mark.parametrize(
    ("shown", "field"),
    [
        (Shown(" "), "name"),
        (Shown("张三", "licence"), "document"),
        (Shown("张三", "id", id_number(7)[:-1] + ("1" if id_number(7)[-1] != "1" else "2")), "number"),
        (Shown("张三", "passport"), "number"),
        (Shown("张三", tube=id_number(7)), "tube"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(here: Neighbourhood, shown: Shown, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.add_walk_in(
            round_=sampling(here), shown=shown, walk_in_id=uuid7(), scope=here.scope(here.alice), by=here.alice, at=AT
        )  # fmt: skip
    assert refused.value.field == field
    assert not WalkIn.objects.exists()


def test_a_closed_round_takes_nobody_in(here: Neighbourhood) -> None:
    round_ = sampling(here)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    with pytest.raises(Conflict):
        came(here, round_)


def test_placed_they_stand_on_the_roster_with_their_sample_and_the_rest_is_forgotten(
    here: Neighbourhood,
) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head")
    walk_in = came(
        here, round_, document="id", number=id_number(9), door="1-1-101", phone="19900009999", tube="TUBE0001"
    ).walk_in
    services.place_walk_in(walk_in=walk_in, person=Person.objects.get(name="居民2head"), by=here.alice, at=AT)
    entry = entry_of(round_, "居民2head")
    assert (entry.state, walk_in.entry, walk_in.placed_by) == ("done", entry, here.alice)
    assert (walk_in.number, walk_in.number_index, walk_in.door, walk_in.phone) == ("", "", "", "")
    assert (row_of(tube).people, walk_ins_unplaced(round_)) == (2, 0)
    with pytest.raises(Conflict):
        services.place_walk_in(walk_in=walk_in, person=entry.person, by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.take_back_walk_in(walk_in=walk_in, by=here.alice, at=AT)


def test_two_samples_of_one_person_are_left_to_a_person(here: Neighbourhood) -> None:
    round_ = sampling(here)
    put(here, entry_of(round_, "居民2head"), "TUBE0001")
    walk_in = came(here, round_, tube="TUBE0002").walk_in
    services.place_walk_in(walk_in=walk_in, person=Person.objects.get(name="居民2head"), by=here.alice, at=AT)
    assert entry_of(round_, "居民2head").disputed


def test_nor_does_a_number_shown_again_move_them_to_another_tube(here: Neighbourhood) -> None:
    round_ = sampling(here)
    numbered(here, "居民3head")
    put(here, entry_of(round_, "居民3head"), "TUBE0001")
    came(here, round_, "老王", document="id", number=id_number(7), tube="TUBE0002")
    assert entry_of(round_, "居民3head").disputed


def test_a_newborn_is_entered_in_the_household_and_on_the_roster(here: Neighbourhood) -> None:
    round_ = sampling(here)
    walk_in = came(here, round_, "居民0之子", document="newborn", tube="TUBE0001").walk_in
    services.enter_walk_in_person(
        walk_in=walk_in, household=here.households[0], relation="child", by=here.alice, at=AT
    )
    child = Person.objects.get(name="居民0之子")
    entry = round_.entries.get(person=child)
    assert (entry.why, entry.state, entry.household) == ("walk_in", "done", here.households[0])
    services.keep_true(round_id=round_.pk, at=AT)
    assert round_.entries.count() == 13


def test_a_person_of_another_community_or_without_a_home_is_not_placed(here: Neighbourhood) -> None:
    round_ = sampling(here)
    walk_in = came(here, round_).walk_in
    person = Person.objects.get(name="居民2head")
    Person.objects.filter(pk=person.pk).update(community_id=here.elsewhere.pk)
    person.refresh_from_db()
    with pytest.raises(Refusal, match="other-community"):
        services.place_walk_in(walk_in=walk_in, person=person, by=here.alice, at=AT)
    homeless = Person.objects.get(name="居民3spouse")
    end_membership(membership=homeless.memberships.get(), by=here.alice, at=AT)
    with pytest.raises(Refusal, match="no-home"):
        services.place_walk_in(walk_in=walk_in, person=homeless, by=here.alice, at=AT)
    walk_in.refresh_from_db()
    assert walk_in.placed_at is None


def test_a_walk_in_by_mistake_is_taken_back(here: Neighbourhood) -> None:
    round_ = sampling(here)
    walk_in = came(here, round_, tube="TUBE0001").walk_in
    tube = Tube.objects.get(barcode="TUBE0001", round=round_)
    assert row_of(tube).people == 1, "their tube is made by them as by anybody"
    services.take_back_walk_in(walk_in=walk_in, by=here.alice, at=AT)
    assert walk_ins_unplaced(round_) == 0 and row_of(tube).people == 0
    with pytest.raises(Conflict):
        services.take_back_walk_in(walk_in=walk_in, by=here.alice, at=AT)


def test_a_household_round_puts_the_household_on(here: Neighbourhood) -> None:
    round_ = begun(here, whom="households", places=here.buildings[:1])
    numbered(here, "居民5spouse")
    came(here, round_, "居民五", document="id", number=id_number(7))
    assert Entry.objects.get(round=round_, household=here.households[5]).state == "done"


def test_somebody_is_found_in_the_order_in_which_a_table_asks(here: Neighbourhood) -> None:
    round_ = sampling(here, places=here.buildings[:1])
    for name, serial in (("居民0head", 7), ("居民5head", 8)):
        numbered(here, name, serial)
    numbered(here, "居民1head", kind="passport", number="E7654321")
    alice, bob = here.scope(here.alice), here.scope(here.bob)

    def status(scope: object = alice, **given: str) -> str:
        return find_entry(round_, scope, at=AT, **given).status

    assert find_entry(round_, alice, id_number=id_number(7), at=AT).entry == entry_of(round_, "居民0head")
    assert status(id_number="e 7654321") == "ok"
    assert status(id_number=id_number(8)) == "not-on-roster"
    assert status(bob, id_number=id_number(8)) == "elsewhere"
    assert status(bob, id_number="E7654321") == "elsewhere"
    assert status(id_number=id_number(9)) == "unknown"
    assert status(id_number=id_number(9)[:-1] + ("1" if id_number(9)[-1] != "1" else "2")) == "check-digit"
    assert status(code="SW1.ABC") == "code"
    assert status(id_number="12") == "unreadable"
    assert {entry.person.name for entry in find_entry(round_, alice, name="居民1", at=AT).entries} == {
        "居民1head", "居民1spouse",
    }  # fmt: skip
    assert (
        status(name="1-1-101") == "several"
        and status(name="无此人") == "unknown"
        and status(name="") == "unknown"
    )
    assert status(bob, name="居民1") == "unknown"
