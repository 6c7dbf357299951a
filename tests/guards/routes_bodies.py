"""What is sent to each route that takes something: filled in as a person would, so that the rules behind are met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from shouwang.core.ids import uuid7
from shouwang.people.selectors import code_text
from tests.guards.routes_goods_custody import CUSTODY_BODIES
from tests.guards.routes_goods_gate import gate_bodies
from tests.guards.routes_goods_groups import GROUP_BODIES
from tests.guards.routes_goods_medicine import MEDICINE_BODIES
from tests.guards.routes_goods_runs import RUN_BODIES
from tests.guards.routes_goods_shopping import SHOPPING_BODIES
from tests.guards.routes_goods_store import PAGES as STORE_PAGES
from tests.guards.routes_world import Corner, World, id_number, ledger, photo

Body = Callable[[World, Corner], dict[str, Any]]


def nothing(world: World, corner: Corner) -> dict[str, Any]:
    """A button: the command id says all."""
    return {}


def always(**values: Any) -> Body:
    return lambda world, corner: dict(values)


PERSON = {"name": "赵一", "relation": "other"}
ASKED = {"category": "shopping", "urgency": "normal", "title": "土豆", "words": "两斤"}
ABLE = {"carries_kg": "10", "at_most": "3"}
ENTRY = {"name": "医院", "phone": "01990001", "order": "1"}


def _upload(world: World, corner: Corner) -> dict[str, Any]:
    return {"community": str(corner.community.pk), "file": SimpleUploadedFile("台账.csv", ledger(corner))}


def _free(world: World) -> str:
    return str(world.users["volunteer_free"].user.pk)


def _period(world: World, corner: Corner) -> dict[str, Any]:
    day = (world.at + timedelta(days=2)).date()
    return {"day": str(day), "from_time": "08:00", "until_time": "10:00"}


def _call(world: World, corner: Corner) -> dict[str, Any]:
    return {
        **ASKED,
        "source": "phone",
        "household": str(corner.household.pk),
        "community": str(corner.community.pk),
    }


PAGES: dict[str, Body] = {
    **STORE_PAGES,
    "language/": always(language="en", next="/"),
    "accounts/sign-in/": always(username="nobody-here", password="not the password"),
    "accounts/language/": always(language="en"),
    "accounts/password/": always(old="none at all", password="three words unrelated"),
    "accounts/second/": always(code="123456"),
    "accounts/second/set/": always(code="123456"),
    "accounts/second/end/": always(code="123456", password="none at all"),
    "accounts/tokens/": always(name="表格", reach="read"),
    "desk/search/": always(q="李"),
    "places/glass/": lambda w, c: {"place": str(c.building.pk), "reason": "楼长联系不上，楼道有烟", "minutes": "15"},
    "places/<uuid:place_id>/posts/fill/": lambda w, c: {"role": "stairwell_head", "holder": _free(w)},
    "people/": always(q="李"),
    "people/search/": always(q="李"),
    "people/doors/<uuid:dwelling_id>/": always(occupancy="owner", source="来访"),
    "people/households/<uuid:household_id>/note/": always(note="门铃坏了"),
    "people/households/<uuid:household_id>/people/": always(**PERSON),
    "people/households/<uuid:household_id>/people/<uuid:person_id>/": always(**PERSON),
    "people/households/<uuid:household_id>/people/<uuid:person_id>/move/": always(door="8-1-502", relation="other"),
    "people/households/<uuid:household_id>/people/<uuid:person_id>/stay/": always(kind="hospital", where="区医院"),
    "people/households/<uuid:household_id>/care/": always(kind="infant", about="", source="来访"),
    "people/households/<uuid:household_id>/contacts/": lambda w, c: {
        "person": str(c.person.pk), "name": "儿子", "phone": "19900060001",
    },
    "people/codes/read/": lambda w, c: {"q": code_text(c.code)},
    "people/doubles/<uuid:first_id>/<uuid:second_id>/": lambda w, c: {"home": str(c.person.pk), "name": str(c.person.pk)},
    "people/households/<uuid:household_id>/proxies/": always(kind="neighbour", name="邻居", phone="19900060002"),
    "people/care/<uuid:flag_id>/decide/": always(accept="yes"),
    "people/contradictions/<uuid:contradiction_id>/decide/": always(holds="other"),
    "incidents/open/": lambda w, c: {
        "name": "停电", "protocol": "power_out", "community": str(c.community.pk), "buildings": str(c.building.pk),
    },
    "incidents/protocols/<uuid:community_id>/<slug:code>/": always(
        days="40", accept_care="5", finish_care="60", first_oxygen="1"
    ),
    "incidents/<uuid:incident_id>/line/<uuid:place_id>/": always(to="out"),
    "incidents/<uuid:incident_id>/first/<uuid:household_id>/": always(state="well"),
    "rounds/begin/<uuid:kind_id>/": lambda w, c: {
        "name": "第三轮采样", "community": str(c.community.pk), "buildings": str(c.building.pk),
    },
    "rounds/<uuid:round_id>/table/scan/": lambda w, c: {"text": id_number(c.number), "tube": str(c.tube.pk)},
    "rounds/<uuid:round_id>/table/names/": always(name="李"),
    "rounds/<uuid:round_id>/table/undo/": lambda w, c: {"entry": str(c.roster_entry.pk)},
    "rounds/<uuid:round_id>/table/walk-in/": lambda w, c: {
        "name": "来客", "document": "passport", "number": "E12345678", "tube": str(c.tube.pk),
    },
    "rounds/<uuid:round_id>/tubes/": lambda w, c: {"tubes": str(c.tube.pk), "handed_to": "司机"},
    "rounds/<uuid:round_id>/results/": lambda w, c: {
        "file": SimpleUploadedFile("结果.csv", f"{c.tube.barcode},阴性\n".encode()),
    },
    "rounds/<uuid:round_id>/point/step/": always(step="opened"),
    "rounds/<uuid:round_id>/point/bags/": always(number="2"),
    "rounds/<uuid:round_id>/sheets/<uuid:place_id>/": lambda w, c: {
        f"tube-{c.roster_entry.pk.hex}": c.tube.barcode,
    },
    "rounds/tubes/<uuid:tube_id>/": always(result="negative"),
    "rounds/tubes/<uuid:tube_id>/label/": always(barcode="GUARD0099"),
    "rounds/walk-ins/<uuid:walk_in_id>/": lambda w, c: {"person": str(c.relative.pk)},
    "rounds/entries/<uuid:roster_entry_id>/trouble/": always(category="shopping"),
    "rounds/kinds/<uuid:kind_id>/copy/": lambda w, c: {"community": str(c.community.pk)},
    "rounds/kinds/<uuid:own_kind_id>/change/": always(
        act="save", version="1", name_zh="每日电话", whom="households", states=["done", "away"]
    ),
    "rounds/proposals/<uuid:proposal_id>/decline/": always(note="女儿已买"),
    "rounds/<uuid:round_id>/calling/point/": always(
        day="2099-01-01", opens="06:00", tables="2", seconds_given="30", queue_limit="20", walk_minutes="4",
        walks_badly="green",
    ),
    "rounds/<uuid:round_id>/calling/tables/": always(tables="3"),
    "rounds/<uuid:round_id>/calling/hold/<uuid:building_id>/": always(held="yes"),
    "rounds/<uuid:round_id>/walks/make/": always(when="after"),
    "rounds/<uuid:round_id>/close/": always(reason="中午收摊"),
    "rounds/<uuid:round_id>/walks/give/": lambda w, c: {
        "volunteer": str(c.volunteer.pk), "place": str(c.community.pk),
    },
    "rounds/walks/<uuid:walking_list_id>/give/": lambda w, c: {"volunteer": str(c.volunteer.pk)},
    "rounds/spots/": lambda w, c: {
        "name": "门把手", "per_day": "2", "where": "stairwell", "community": str(c.community.pk),
    },
    "rounds/coverage/": lambda w, c: {"name": "第三轮采样", "words": "", "place": str(c.office.pk)},
    "rounds/tracing/": lambda w, c: {
        "community": str(c.community.pk), "name": "农贸市场", "sender": "区疾控", "due_at": "2030-01-01T08:00",
        "text": "姓名\t电话\n钱二\t19900009999",
    },
    "rounds/tracing/lines/<uuid:line_id>/": always(outcome="not_reached", note="打了三次"),
    "rounds/<uuid:round_id>/entries/<uuid:place_id>/": always(words="李"),
    "rounds/entries/<uuid:roster_entry_id>/": always(state="deferred", note="下午再来"),
    "notices/channels/": always(label="我的群", address="ntfys://ntfy.example.org/mine"),
    "volunteers/": always(words="李"),
    "volunteers/enrol/": lambda w, c: {
        **ABLE, "name": "赵二", "home": str(c.stairwell.pk), "username": "zhao.er", "password": "three words unrelated",
    },
    "volunteers/<uuid:volunteer_id>/change/": always(**ABLE),
    "volunteers/<uuid:volunteer_id>/times/": _period,
    "volunteers/<uuid:volunteer_id>/stand-down/": always(reason="rest"),
    "help/search/": always(q="药"),
    "help/call/": _call,
    "help/call/<uuid:household_id>/": _call,
    "help/call/who/": lambda w, c: {"phone": c.phone},
    "help/paste/": always(verb="read", text="8号楼1单元501：土豆5斤"),
    "help/evening/": always(remark="明早八点再打电话"),
    "help/tickets/new/": always(
        number="20260001", source="12345", due_at="2099-01-01T12:00", words="楼道灯坏了", caller_name="", caller_phone=""
    ),
    "help/tickets/<uuid:ticket_id>/reply/": always(reply="已修好"),
    "help/tickets/<uuid:ticket_id>/call-back/": always(outcome="content"),
    "help/directory/": always(**ENTRY),
    "help/directory/<uuid:entry_id>/": always(**ENTRY),
    "help/requests/<uuid:request_id>/offer/": lambda w, c: {"volunteer": str(c.volunteer.pk)},
    "help/requests/<uuid:request_id>/confidants/": lambda w, c: {
        "user": str(c.owners["stairwell_head"].user.pk)
    },
    "help/requests/<uuid:request_id>/verify/": always(how="call"),
    "help/requests/<uuid:request_id>/change/": always(category="shopping", urgency="today"),
    "help/requests/<uuid:request_id>/attempt/": always(outcome="not_in"),
    "help/requests/<uuid:request_id>/note/": always(text="已去过"),
    "help/requests/<uuid:request_id>/finish/": always(text="送到了"),
    "help/requests/<uuid:request_id>/close/": always(text="不需要了"),
    "help/requests/<uuid:request_id>/step/": always(step="called_120"),
    "help/requests/<uuid:request_id>/ring/": lambda w, c: {
        "outcome": "rang", "whom": str(c.owners["stairwell_head"].user.pk),
    },
    "ledgers/": _upload,
    "field/requests/<uuid:request_id>/finish/": lambda w, c: {
        "note": "送到了", "photo": SimpleUploadedFile("door.jpg", photo(), "image/jpeg"),
    },
    "field/requests/<uuid:request_id>/could-not/": always(outcome="not_in"),
    "field/phone/enrol/": always(device=str(uuid7()), key="A" * 43 + "=", name="手机"),
    "field/phone/sync/": always(commands=[]),
    "field/phone/pull/": always(after=0),
    "field/set-aside/bring-in/": lambda w, c: {
        "file": SimpleUploadedFile("phone.json", b'{"commands": []}', "application/json"),
    },
    "q/<slug:door_code>/<slug:choice>/": always(choice="medicine", words="降压药两盒", door="501"),
    "r/<str:token>/confirm/": always(right="yes"),
    "r/<str:token>/words/": always(words="请放门口"),
}  # fmt: skip


def _request_in(world: World, corner: Corner) -> dict[str, Any]:
    return {"community_id": str(corner.community.pk), "household_id": str(corner.household.pk), "category": "shopping",
            "title": "土豆"}  # fmt: skip


API: dict[str, Body] = {
    "api/v1/posts": lambda w, c: {"place_id": str(c.stairwell.pk), "role": "stairwell_head", "holder_id": _free(w)},
    "api/v1/requests": _request_in,
    "api/v1/requests/<uuidstr:request_id>/offer": lambda w, c: {"volunteer_id": str(c.volunteer.pk)},
    "api/v1/requests/<uuidstr:request_id>/accept": lambda w, c: {"volunteer_id": str(c.volunteer.pk)},
    "api/v1/requests/<uuidstr:request_id>/decline": lambda w, c: {"volunteer_id": str(c.volunteer.pk)},
    "api/v1/requests/<uuidstr:request_id>/attempts": always(outcome="not_in"),
    "api/v1/requests/<uuidstr:request_id>/notes": always(note="已去过"),
    "api/v1/requests/<uuidstr:request_id>/confirm": always(right=True),
    "api/v1/requests/<uuidstr:request_id>/close": always(reason="不需要了"),
    "api/v1/volunteers/<uuidstr:volunteer_id>/stand-down": always(reason="rest"),
    "api/v1/incidents": lambda w, c: {
        "community_id": str(c.community.pk), "name": "停电", "protocol": "power_out", "place_ids": [str(c.building.pk)],
    },
    "api/v1/incidents/<uuidstr:incident_id>/line": lambda w, c: {"remove": [str(c.building.pk)]},
}  # fmt: skip


def body_for(route: str, world: World, corner: Corner) -> dict[str, Any]:
    """What is sent to `route` about `corner`, without the command id."""
    found = {
        **PAGES, **GROUP_BODIES, **SHOPPING_BODIES, **MEDICINE_BODIES, **CUSTODY_BODIES, **RUN_BODIES, **API,
        **gate_bodies(photo),
    }  # fmt: skip
    return found.get(route, nothing)(world, corner)
