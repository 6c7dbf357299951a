"""Posts and the coverage they give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.accounts.models import User
from shouwang.core import due
from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.core.scope import scope_for
from shouwang.places import selectors, services
from shouwang.places.models import Coverage, Place
from shouwang.places.signals import coverage_changed
from shouwang.places.states import Cover, Role

AT = datetime(2022, 2, 20, 1, 30, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def make_user(name: str) -> User:
    return User.objects.create(username=f"{name}-{uuid7().hex[-8:]}", name=name, joined_at=AT)


@pytest.fixture
def community() -> Place:
    return services.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)


@pytest.fixture
def building(community: Place) -> Place:
    grid = services.add_grid(community=community, code="1", name="第一网格", by=OPERATOR, at=AT)
    building = services.ensure_building(community=community, grid=grid, code="8", by=OPERATOR, at=AT)
    for number in ("1", "2"):
        services.ensure_stairwell(building=building, code=number, by=OPERATOR, at=AT)
    return Place.objects.get(pk=building.pk)


def state_of(place: Place) -> str:
    return Coverage.objects.get(place=place).state


def test_a_stairwell_begins_as_a_gap_and_its_building_is_no_leaf(building: Place) -> None:
    first, second = selectors.stairwells_in(building.community_id)
    assert [state_of(first), state_of(second)] == [Cover.NONE, Cover.NONE]
    assert not Coverage.objects.filter(place=building).exists()


def test_heads_close_the_gap_and_their_end_opens_it_again(building: Place) -> None:
    leaf = selectors.stairwells_in(building.community_id)[0]
    alice, bob = make_user("张敏"), make_user("李强")
    first = services.appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=alice, by=OPERATOR, at=AT)
    assert state_of(leaf) == Cover.ONE
    second = services.appoint(
        place=leaf, role=Role.STAIRWELL_HEAD, holder=bob, online_only=True, by=OPERATOR, at=AT
    )
    assert (state_of(leaf), second.order) == (Cover.TWO, 2)
    services.end_post(post=first, by=OPERATOR, at=AT)
    services.end_post(post=second, by=OPERATOR, at=AT)
    assert state_of(leaf) == Cover.NONE
    with pytest.raises(Conflict):
        services.end_post(post=first, by=OPERATOR, at=AT)


def test_a_building_head_covers_from_the_building(building: Place) -> None:
    carol = make_user("王芳")
    services.appoint(place=building, role=Role.BUILDING_HEAD, holder=carol, by=OPERATOR, at=AT)
    assert {state_of(leaf) for leaf in selectors.leaves_under(building)} == {Cover.BUILDING}


def test_a_substitute_s_post_ends_by_itself_and_the_gap_is_told(building: Place) -> None:
    leaf = selectors.leaves_under(building)[0]
    regular, standin = make_user("张敏"), make_user("李强")
    post = services.appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=regular, by=OPERATOR, at=AT)
    services.suspend_posts(holder=regular, by=OPERATOR, at=AT)
    end = AT + timedelta(minutes=5)
    services.appoint(
        place=leaf,
        role=Role.STAIRWELL_HEAD,
        holder=standin,
        by=OPERATOR,
        at=AT,
        stands_in_for=post,
        until_at=end,
    )
    assert state_of(leaf) == Cover.ONE
    assert [row.stands_in_for_id for row in selectors.posts_on(leaf, AT)] == [None, post.pk]
    due.do_until(end - timedelta(seconds=1))
    assert state_of(leaf) == Cover.ONE
    due.do_until(end)
    assert state_of(leaf) == Cover.NONE
    assert [row.pk for row in selectors.posts_on(leaf, end)] == [post.pk]
    with pytest.raises(Refusal, match="until-past"):
        services.appoint(
            place=leaf, role=Role.STAIRWELL_HEAD, holder=standin, by=OPERATOR, at=AT, until_at=AT
        )


def test_standing_down_suspends_every_post_and_announces_each_gap(building: Place) -> None:
    leaves = selectors.leaves_under(building)
    dave = make_user("赵磊")
    for leaf in leaves:
        services.appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=dave, by=OPERATOR, at=AT)
    heard: list[tuple[str | None, str]] = []

    def hear(sender: object, *, place_ids: list[object], before: str | None, after: str, **_: object) -> None:
        heard.extend([(before, after)] * len(place_ids))

    coverage_changed.connect(hear)
    try:
        services.suspend_posts(holder=dave, by=OPERATOR, at=AT)
    finally:
        coverage_changed.disconnect(hear)
    assert heard == [(Cover.ONE, Cover.NONE)] * len(leaves)
    assert selectors.posts_of(dave, AT) == []
    services.resume_posts(holder=dave, by=OPERATOR, at=AT)
    assert {state_of(leaf) for leaf in leaves} == {Cover.ONE}


def test_a_post_must_fit_its_place_and_is_held_once(building: Place) -> None:
    erin = make_user("孙丽")
    with pytest.raises(Refusal, match="role-misplaced"):
        services.appoint(place=building, role=Role.STAIRWELL_HEAD, holder=erin, by=OPERATOR, at=AT)
    services.appoint(place=building, role=Role.BUILDING_HEAD, holder=erin, by=OPERATOR, at=AT)
    with pytest.raises(Refusal, match="post-held"):
        services.appoint(place=building, role=Role.BUILDING_HEAD, holder=erin, by=OPERATOR, at=AT)


def test_rungs_lead_from_the_leaf_to_the_community(building: Place, community: Place) -> None:
    leaf = selectors.leaves_under(building)[0]
    grid = Place.objects.get(pk=building.grid_id)
    people = {role: make_user(role) for role in ("stairwell_head", "grid_head", "secretary", "on_call")}
    services.appoint(
        place=leaf, role=Role.STAIRWELL_HEAD, holder=people["stairwell_head"], by=OPERATOR, at=AT
    )
    services.appoint(place=grid, role=Role.GRID_HEAD, holder=people["grid_head"], by=OPERATOR, at=AT)
    services.appoint(place=community, role=Role.SECRETARY, holder=people["secretary"], by=OPERATOR, at=AT)
    services.appoint(place=community, role=Role.ON_CALL, holder=people["on_call"], by=OPERATOR, at=AT)
    rungs = selectors.rungs_above(leaf, AT)
    assert [rung.level for rung in rungs] == ["stairwell", "grid", "community"]
    assert [post.role for post in rungs[-1].posts] == [Role.ON_CALL, Role.SECRETARY]


def test_scope_follows_posts_and_ends_with_them(building: Place) -> None:
    other = services.create_community(code="other", name="别处社区", by=OPERATOR, at=AT)
    far = services.ensure_building(community=other, code="1", by=OPERATOR, at=AT)
    frank = make_user("周强")
    post = services.appoint(place=building, role=Role.BUILDING_HEAD, holder=frank, by=OPERATOR, at=AT)
    scope = scope_for(frank, AT)
    assert scope.covers("place.see", building)
    assert not scope.covers("place.see", far)
    assert set(selectors.places_for(scope)) == {building, *selectors.leaves_under(building)}
    services.end_post(post=post, by=OPERATOR, at=AT + timedelta(hours=1))
    assert scope_for(frank, AT + timedelta(hours=2)).grants == ()


def test_doors_are_made_once(building: Place) -> None:
    leaf = selectors.leaves_under(building)[0]
    first = services.ensure_dwelling(leaf=leaf, door="501", by=OPERATOR, at=AT)
    assert services.ensure_dwelling(leaf=leaf, door="501", by=OPERATOR, at=AT).pk == first.pk
    assert (first.floor, selectors.short_door(first), selectors.door_label(first)) == (
        5,
        "8-1-501",
        "8号楼 1单元 501",
    )
    assert selectors.find_dwelling(building.community_id, "8", "1", "501") == first
    assert selectors.find_dwelling(building.community_id, "8", None, "501") == first
    services.ensure_dwelling(leaf=selectors.leaves_under(building)[1], door="501", by=OPERATOR, at=AT)
    assert selectors.find_dwelling(building.community_id, "8", None, "501") is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["appoint", "end", "suspend", "resume"])), max_size=12
    )
)
def test_coverage_always_equals_a_recount(building: Place, steps: list[tuple[int, str]]) -> None:
    leaf = selectors.leaves_under(building)[0]
    crew = [make_user(f"志愿者{number}") for number in range(4)]
    for number, step in steps:
        holder = crew[number]
        if step == "appoint":
            try:
                services.appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=holder, by=OPERATOR, at=AT)
            except Refusal:
                continue
        elif step == "end":
            for post in holder.posts.filter(until_at__isnull=True):
                services.end_post(post=post, by=OPERATOR, at=AT)
        elif step == "suspend":
            services.suspend_posts(holder=holder, by=OPERATOR, at=AT)
        else:
            services.resume_posts(holder=holder, by=OPERATOR, at=AT)
        live = {post.holder_id for post in selectors.holders_at(leaf, AT, [Role.STAIRWELL_HEAD])}
        assert state_of(leaf) == {0: Cover.NONE, 1: Cover.ONE}.get(len(live), Cover.TWO)
    for holder in crew:
        for post in holder.posts.filter(until_at__isnull=True):
            services.end_post(post=post, by=OPERATOR, at=AT)
    assert AuditEntry.objects.exists()
