"""A building with two hundred residents, its head, and a round over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.people.selectors.codes import code_text
from shouwang.people.services import add_person, open_household
from shouwang.people.services.codes import issue_codes
from shouwang.places import services as places
from shouwang.places.states import Role
from shouwang.rounds.models import Round
from shouwang.rounds.services import begin_round
from tests.journeys.world import World, post

SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = "秀兰 建国 桂英 志强 玉梅 春生 丽华 海波 小敏 国栋 淑珍 文斌 美玲 永福 彩霞 德明 秋菊 立新 晓燕 长河".split()


@dataclass(frozen=True)
class Swept:
    """`names`: everybody's, all different, in the order in which one walks (top floor down). `codes`: the text of
    everybody's printed code, in the same order."""

    world: World
    head: User
    round: Round
    names: list[str]
    codes: list[str]


def swept_building(floors: int = 5, doors: int = 5, stairwells: int = 2, at_home: int = 4) -> Swept:
    """Building 8: so many residents behind each door; `bob` is its head; a round over all of it has begun."""
    at = clock.now() - timedelta(hours=2)
    world = World(places.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at), at)
    grid = places.add_grid(community=world.community, code="1", name="第一网格", by=OPERATOR, at=at)
    building = places.ensure_building(community=world.community, grid=grid, code="8", by=OPERATOR, at=at)
    every_name = iter([surname + given for given in GIVEN for surname in SURNAMES])
    people = []
    for stairwell in range(1, stairwells + 1):
        leaf = places.ensure_stairwell(building=building, code=str(stairwell), by=OPERATOR, at=at)
        for floor in range(floors, 0, -1):
            for door in range(1, doors + 1):
                dwelling = places.ensure_dwelling(leaf=leaf, door=f"{floor}{door:02d}", by=OPERATOR, at=at)
                home = open_household(dwelling=dwelling, by=OPERATOR, at=at)
                for number in range(at_home):
                    relation = "other" if number else "head"
                    name = next(every_name)
                    people.append(
                        add_person(household=home, name=name, relation=relation, by=OPERATOR, at=at)
                    )
    secretary = post(world, Role.SECRETARY, world.community, "alice", "陈静", "19900000001")
    head = post(world, Role.BUILDING_HEAD, building, "bob", "张敏", "19900000005")
    begun = begin_round(
        community=world.community, name="第三轮采样", whom="people", places=[building], by=secretary, at=at
    )
    codes = [code_text(code) for code in issue_codes(persons=people, by=secretary, at=at)]
    return Swept(world, head, begun, [one.name for one in people], codes)
