"""Steps 1 to 3: the front door, the ledger, the incident with its line, the posts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.core.due import do_until
from shouwang.incidents.models import Incident
from shouwang.incidents.selectors import inside_line
from shouwang.ledgers.models import RegisterImport
from shouwang.people.models import Person
from shouwang.people.selectors import register_snapshot
from shouwang.places import selectors as places
from shouwang.places.models import Coverage
from shouwang.places.states import Cover
from tests.journeys.ledger_sheet import supplement
from tests.journeys.processes import running
from tests.journeys.visitors import PICTURES, Visitor, zh
from tests.journeys.world import BUILDINGS, PASSWORD, SAMPLES, World

Visit = Callable[..., Visitor]
A3_POINTS = (1191, 842)


def front_door(world: World, visit: Visit) -> Visitor:
    """Step 1: the secretary comes in and stands before Today."""
    alice = visit()
    alice.go("/")
    expect(alice.page).to_have_url(re.compile("/accounts/sign-in/"))
    alice.shot("1-sign-in")
    alice.sign_in("alice", PASSWORD)
    alice.go("/")
    expect(alice.page).to_have_url(re.compile("/desk/"))
    expect(alice.page.get_by_role("heading", level=1)).to_have_text(zh("Today"))
    expect(alice.main).to_contain_text("锦绣社区")
    alice.shot("1-today")
    return alice


def stage(alice: Visitor, name: str, content: bytes) -> dict[str, int]:
    """Chooses a file and has it read; the counts on the preview, by their labels."""
    alice.go("/ledgers/")
    alice.page.locator("#id_file").set_input_files(
        {"name": name, "mimeType": "application/vnd.ms-excel", "buffer": content}
    )
    alice.press(zh("Read it"))
    alice.page.wait_for_url("**/ledgers/imports/**")
    stats = alice.page.locator(".sums .stat")
    labels = stats.locator(".stat-label").all_inner_texts()
    values = stats.locator(".stat-value").all_inner_texts()
    return {label: int(re.sub(r"\D", "", value)) for label, value in zip(labels, values, strict=True)}


def import_ledger(world: World, alice: Visitor) -> None:
    """Step 2: zone C's ledger as the office keeps it, then a supplement with one of each kind."""
    counts = stage(alice, "C区居民台账.xlsx", (SAMPLES / "zone-c.xlsx").read_bytes())
    assert counts[zh("rows")] == 3029
    assert (counts[zh("new")], counts[zh("already there")], counts[zh("refused")]) == (3021, 0, 8)
    assert not Person.objects.exists(), "nothing is written before it is confirmed"
    doubts = alice.page.locator("#doubts tbody tr")
    assert doubts.count() >= 8
    first = doubts.first
    expect(first).to_contain_text(zh("refused"))
    assert len(first.locator("td").nth(3).inner_text()) > 6, "it says why"
    alice.shot("2-preview")
    with alice.page.expect_download() as waiting:
        alice.press(zh("Download the doubts"))
    sheet = load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active
    assert sheet is not None and sheet.max_row >= 9
    with running("worker"):
        # More than 2,000 rows: the worker takes them in, the bar grows, and the page says by itself that it is over.
        confirm(alice, under_way=True)
    assert Person.objects.count() == 3021
    print_the_wall(alice)
    second_sheet(world, alice)


def print_the_wall(alice: Visitor) -> None:
    """All 24 buildings and 1,214 doors on one sheet of A3, lying."""
    alice.go("/desk/wall/sheet/")
    printed = alice.page.pdf(prefer_css_page_size=True, path=PICTURES / "2-wall.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    assert {(round(float(wide)), round(float(high))) for wide, high in sizes} == {A3_POINTS}
    assert alice.page.locator(".bld").count() == BUILDINGS


def confirm(alice: Visitor, under_way: bool = False) -> None:
    alice.press(zh("Take them in: %(n)s new, %(m)s merged").split("%(n)s")[0], exact=False, patience=60)
    if under_way:
        expect(alice.main).to_contain_text(zh("Being taken in"))
    expect(alice.main).to_contain_text(zh("Taken into the register"), timeout=30000)


def second_sheet(world: World, alice: Visitor) -> None:
    """The supplement: merged, new, doubtful and refused, each with its reason."""
    entry = next(e for e in register_snapshot(world.community.pk) if e.birth and all(e.birth) and e.phone)
    building, stairwell, door = places.short_door(entry.dwelling).split("-")
    year, month, day = entry.birth
    known = (
        building,
        stairwell,
        door,
        entry.name,
        "",
        "",
        f"{year}-{month:02}-{day:02}",
        "",
        entry.phone,
        "",
        "",
    )
    counts = stage(alice, "补充.xlsx", supplement(known))
    assert (counts[zh("new")], counts[zh("already there")], counts[zh("refused")]) == (2, 1, 1)
    expect(alice.page.locator("#doubts")).to_contain_text("高远")
    alice.shot("2-supplement")
    confirm(alice)
    assert Person.objects.count() == 3023
    assert set(RegisterImport.objects.values_list("state", flat=True)) == {"confirmed"}
    alice.go("/desk/wall/")
    expect(alice.page.locator("a.bld")).to_have_count(24)
    alice.shot("2-wall")


def open_incident(world: World, alice: Visitor, visit: Visit) -> Incident:
    """Step 3, first half: the incident over zone C, its line moved building by building."""
    alice.go("/incidents/")
    alice.follow(zh("Open an incident"))
    alice.page.locator("#id_name").fill("C区封控")
    alice.page.locator("#id_protocol").select_option("sealed_zone")
    alice.page.locator("#id_area").select_option(label="C区")
    alice.shot("3-open-incident")
    alice.press(zh("Open the incident"))
    alice.page.wait_for_url(re.compile(r"/incidents/[0-9a-f-]{36}/"))
    incident = Incident.objects.get()
    assert codes_inside(incident) == {str(n) for n in range(1, 21)}
    beside = visit(world.people["clerk"])
    beside.go(f"/incidents/{incident.pk}/")
    for code in ("21", "22"):
        click_building(world, alice, code, "true")
    click_building(world, alice, "20", "false")
    assert codes_inside(incident) == {str(n) for n in range(1, 23)} - {"20"}
    alice.press(zh("Undo"))
    expect(building_button(world, alice, "20")).to_have_attribute("aria-pressed", "true")
    assert codes_inside(incident) == {str(n) for n in range(1, 23)}
    alice.shot("3-line")
    expect(beside.page.locator('.line-grid [id="' + building_id(world, "22") + '"], .line-in')).to_have_count(
        22, timeout=12000
    )
    beside.context.close()
    return incident


def codes_inside(incident: Incident) -> set[str]:
    return {place.code for place in inside_line(incident, clock.now())}


def building_id(world: World, code: str) -> str:
    return f"line-{world.building(code).pk}"


def building_button(world: World, alice: Visitor, code: str) -> Any:
    return alice.page.locator(f"#{building_id(world, code)}")


def click_building(world: World, alice: Visitor, code: str, becomes: str) -> None:
    building_button(world, alice, code).click()
    expect(building_button(world, alice, code)).to_have_attribute("aria-pressed", becomes)


def gaps(world: World) -> int:
    return Coverage.objects.filter(community_id=world.community.pk, state=Cover.NONE).count()


def fill_posts(world: World, alice: Visitor, visit: Visit) -> None:
    """Step 3, second half: the wall shows who is missing; posts are filled, and the gaps close on a second screen."""
    do_until(clock.now())
    open_gaps = gaps(world)
    assert open_gaps == len(leaves(world, "3")) + len(leaves(world, "6"))
    watching = visit(world.people["clerk"])
    watching.go("/desk/wall/")
    expect(watching.page.locator(".wall .w-gap")).to_have_count(open_gaps)
    watching.shot("3-wall-gaps")
    watching.page.evaluate("window.notReloaded = true")
    appoint(alice, places.find_leaf(world.community.pk, "3", "1").building_id)
    expect(watching.page.locator(".wall .w-gap")).to_have_count(len(leaves(world, "6")), timeout=12000)
    for leaf in leaves(world, "6"):
        appoint(alice, leaf.pk)
    alice.shot("3-post-filled")
    expect(watching.page.locator(".wall .w-gap")).to_have_count(0, timeout=12000)
    assert watching.page.evaluate("window.notReloaded") is True
    watching.shot("3-wall-closed")
    assert gaps(world) == 0
    watching.context.close()


def leaves(world: World, code: str) -> list[Any]:
    return places.leaves_under(world.building(code))


def appoint(alice: Visitor, place_id: Any) -> None:
    """The first of those suggested, with one click."""
    alice.go(f"/places/{place_id}/posts/fill/")
    row = alice.page.locator(".queue li").first
    name = row.locator("b").inner_text()
    alice.press(zh("Appoint"), within=row)
    alice.page.wait_for_url(f"**/desk/places/{place_id}/")
    expect(alice.main).to_contain_text(name)
