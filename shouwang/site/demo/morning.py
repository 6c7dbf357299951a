"""What else this morning brought: neighbours rung up, lifts to be disinfected, a list from the district, two words about
one number."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.people.selectors import households_by_ids, members_of, register_snapshot
from shouwang.people.selectors.contradictions import marks_of
from shouwang.people.services import change_person
from shouwang.places import selectors as places
from shouwang.places.models import Place
from shouwang.rounds.selectors.kinds import shipped_kind
from shouwang.rounds.services import (
    Word,
    add_spots,
    begin_campaign,
    begin_round,
    clean_answers,
    come_again,
    hear_words,
    take_in_list,
)
from shouwang.site.demo.crew import Crew

# A made-up district's list: three who live here, one who moved on, one whom nobody here knows.
WELL = {"to_buy": False, "windows": True, "family_well": True, "unwell": False}
TRACED, LEFT = 3, ("骆远山", "19900091234")


def asked_from_above(office: Place, crew: Crew, at: datetime) -> None:
    """The subdistrict asks its communities for a round over everybody; one has begun."""
    crew.campaign = begin_campaign(
        place=office, name="全员核酸检测（第三轮）", words="今天 12 点前完成，不漏一户一人。", by=crew.officer,
        at=at - timedelta(hours=5),
    )  # fmt: skip


def spots_this_morning(community: Place, crew: Crew, at: datetime) -> None:
    """The buttons of every lift and the bins of every building, three times a day; the first of them done."""
    buildings = places.buildings_in(community.pk)
    with_lift = [place for place in buildings if place.has_lift]
    add_spots(community=community, places=with_lift, name="电梯按键", per_day=3, by=crew.secretary, at=at)
    add_spots(community=community, places=buildings, name="垃圾投放点", per_day=2, by=crew.secretary, at=at)
    round_ = begin_round(
        community=community, name="早上消杀", kind=shipped_kind("disinfection"), places=buildings, by=crew.clerk, at=at
    )  # fmt: skip
    rows = list(round_.entries.order_by("sort_key", "pk"))
    done = [Word(id=row.pk, entry_id=row.pk, state="done") for row in rows[: len(rows) // 2]]
    hear_words(done, by=crew.clerk, at=at + timedelta(minutes=5))
    come_again(round_=round_, hours=("07:00", "12:00", "18:00"), by=crew.clerk, at=at)


def calls_this_morning(community: Place, crew: Crew, at: datetime) -> None:
    """Those who live alone are rung up each morning; half of them have been, and one runs out of medicine."""
    round_ = begin_round(
        community=community, name="独居户每日问候", kind=shipped_kind("daily_call"), flag="lives_alone",
        places=places.buildings_in(community.pk), by=crew.clerk, at=at,
    )  # fmt: skip
    come_again(round_=round_, hours=("09:00",), by=crew.clerk, at=at)
    rows = list(round_.entries.order_by("sort_key", "pk"))
    words = []
    for number, row in enumerate(rows[: max(1, len(rows) // 2)]):
        answers = WELL if number else WELL | {"unwell": True, "unwell_how": ["medicine"]}
        kept = clean_answers(round_=round_, answers=answers, state="done")
        words.append(Word(id=row.pk, entry_id=row.pk, state="done", answers=kept))
    hear_words(words, by=crew.clerk, at=at + timedelta(minutes=20))


def list_from_the_district(community: Place, crew: Crew, at: datetime) -> None:
    """Who was at the market three days ago: to be answered one by one by the afternoon."""
    here = [entry for entry in register_snapshot(community.pk) if entry.phone and entry.id_number][::400][
        :TRACED
    ]
    rows = [f"{entry.name},{entry.id_number},{entry.phone},锦绣小区,是否在家" for entry in here]
    rows += [f"{LEFT[0]},,{LEFT[1]},锦绣小区31号楼,是否在本社区"]
    take_in_list(
        community=community, name="农贸市场协查名单", sender="区防控办", text="姓名,身份证号,电话,住址,核实内容\n" + "\n".join(rows),
        due_at=at + timedelta(hours=6), by=crew.clerk, at=at,
    )  # fmt: skip


def two_words(community: Place, crew: Crew, at: datetime) -> None:
    """The clerk and a grid worker wrote a number and did not know of each other."""
    entry = next(
        entry for entry in register_snapshot(community.pk) if entry.phone and entry.dwelling.door == "402"
    )
    (home,) = households_by_ids([entry.household_id])
    person = next(row.person for row in members_of(home) if row.person_id == entry.person_id)
    seen = marks_of(person)
    change_person(person=person, phone="19900094021", by=crew.clerk, at=at, seen=seen)
    change_person(
        person=person, phone="19900094027", by=crew.secretary, at=at + timedelta(minutes=4), seen=seen
    )
