import { expect, test } from "vitest";
import { amendOf, faultsOf, untouched } from "../src/homes/amending";
import {
  type AmendOwn,
  type AtHome,
  atHome,
  householdsFor,
  householdsOf,
  labelOf,
  stairwellsOf,
} from "../src/homes/register";
import type { Snapshot } from "../src/store/cache";
import type { ItemState } from "../src/store/db";
import type { Own } from "../src/store/outbox";
import type { Amend, Home } from "../src/wire";

const home = (id: string, door: string, floor: number | null, ...names: string[]): Home => ({
  id,
  door,
  floor,
  people: names.map((name, at) => ({ id: `${id}${at}`, name, seen: { name: `${name}?`, phone: "p1" } })),
});

const snapshot = (...homes: Home[]): Snapshot => ({
  position: 1,
  mark: "",
  now: "",
  keep_hours: 72,
  stood_down: false,
  work: [],
  rounds: [],
  entries: [],
  homes,
  safety: [{ code: "oxygen", text: "吸氧" }],
  askedAt: 1000,
  keptUntil: 9999,
});

let made = 0;
function own(body: Partial<Amend>, state: ItemState = "waiting", settled_at: number | null = null): AmendOwn {
  made += 1;
  const row = { id: `c${made}`, user: "u", device: "d", seq: made, made, sealed: "", made_at: "" };
  const said: Amend = { household: "a", person: "a0", name: null, phone: null, safety: [], ...body };
  return {
    row: { ...row, state, reason: "", sentence: "", settled_at },
    command: { actor: "u", kind: "people.amend", schema: 1, base: null, made_at: "", body: said },
  };
}

const named = (value: string): Partial<Amend> => ({ name: { value, seen: "张敏?" } });
const held = snapshot(home("a", "8号楼 1单元 302", 3, "张敏", "李强"));

function at(...said: Own[]): AtHome {
  const found = atHome(held, said, "a", "a0");
  if (!found) throw new Error("nobody there");
  return found;
}

test("doors go as one walks, under their stairwell, and those without one stand together", () => {
  const all = householdsOf(
    snapshot(
      home("a", "8号楼 2单元 101", 1),
      home("b", "8号楼 2单元 1001", 10),
      home("c", "8号楼 10单元 901", 9),
      home("d", "8号楼 2单元 902", 9),
      home("e", "12号", null),
      home("f", "9号", null),
    ),
    [],
  );
  const sections = stairwellsOf(all);
  expect(sections.map(({ name }) => name)).toEqual(["", "8号楼 2单元", "8号楼 10单元"]);
  expect(sections.map(({ lines }) => lines.map(one => one.home.id).join(""))).toEqual(["fe", "bda", "c"]);
});

test("a door is found by itself, and by a name old or new", () => {
  const all = householdsOf(
    snapshot(home("a", "8号楼 1单元 302", 3, "张敏", "李强"), home("b", "8号楼 1单元 1302", 13, "王芳")),
    [own(named("张慜"))],
  );
  const ids = (typed: string) => householdsFor(all, typed).map(one => one.home.id);
  expect(ids("302")).toEqual(["b", "a"]);
  expect(ids("1单元 李")).toEqual(["a"]);
  expect(ids("张慜")).toEqual(["a"]);
  expect(ids("张敏")).toEqual(["a"]);
  expect(ids("赵")).toEqual([]);
});

test("what an older server said has no doors in it", () => {
  const { homes: _homes, safety: _safety, ...older } = held;
  expect(householdsOf(older, [])).toEqual([]);
  expect(householdsOf(null, [])).toEqual([]);
  expect(atHome(older, [], "a", "a0")).toBeNull();
  expect(atHome(held, [], "a", "gone")).toBeNull();
});

test("a name put right here is shown until what is fetched has it", () => {
  const dweller = (...said: Own[]) => at(...said).dweller;
  expect(dweller()).toMatchObject({ name: "张敏", unsent: false });
  expect(dweller(own(named("张慜")))).toMatchObject({ name: "张慜", unsent: true });
  expect(dweller(own(named("张慜"), "arrived", 1500))).toMatchObject({ name: "张慜", unsent: false });
  expect(dweller(own(named("张慜"), "arrived", 500))).toMatchObject({ name: "张敏", unsent: false });
  expect(dweller(own(named("张慜"), "aside", 1500))).toMatchObject({ name: "张敏", unsent: false });
  expect(dweller(own(named("张民"), "arrived", 1500), own(named("张慜")))).toMatchObject({ name: "张慜" });
  expect(dweller(own(named("张慜")), own({ phone: { value: "1", seen: "" } }))).toMatchObject({
    name: "张慜",
    unsent: true,
  });
  const neighbour = atHome(held, [own(named("张慜"))], "a", "a1");
  expect(neighbour?.dweller).toMatchObject({ name: "李强", unsent: false });
  expect(labelOf(at(own(named("张慜"))))).toBe("8号楼 1单元 302 张慜");
});

test("only what was changed is sent", () => {
  const here = at();
  const none = { household: "a", person: "a0", name: null, phone: null, safety: [] };
  expect(amendOf(here, untouched(here))).toBeNull();
  expect(amendOf(here, { ...untouched(here), name: " 张敏 ", phone: "  " })).toBeNull();
  expect(amendOf(here, { ...untouched(here), name: " 张慜 " })).toEqual({
    ...none,
    name: { value: "张慜", seen: "张敏?" },
  });
  expect(amendOf(here, { ...untouched(here), phone: "１３８ 0013 8000" })).toEqual({
    ...none,
    phone: { value: "138 0013 8000", seen: "p1" },
  });
  expect(amendOf(here, { ...untouched(here), safety: { oxygen: true, dialysis: false } })).toEqual({
    ...none,
    safety: [
      { kind: "oxygen", holds: true },
      { kind: "dialysis", holds: false },
    ],
  });
});

test("one's own earlier word about a field is what the next one has seen", () => {
  const phone = { phone: { value: "88886666", seen: "p1" } };
  const seen = (...said: Own[]) => at(...said).dweller.seen;
  const first = own(named("张民"));
  const second = own(named("张慜"));
  const third = own(phone, "arrived", 1500);
  expect(seen(first)).toEqual({ name: `own:${first.row.id}`, phone: "p1" });
  expect(seen(first, second, third)).toEqual({ name: `own:${second.row.id}`, phone: `own:${third.row.id}` });
  expect(seen(own(phone, "arrived", 500), own(named("张慜"), "aside", 1500))).toEqual({
    name: "张敏?",
    phone: "p1",
  });
  expect(seen(own({ safety: [{ kind: "oxygen", holds: true }] }))).toEqual({ name: "张敏?", phone: "p1" });
  const here = at(second);
  expect(amendOf(here, { ...untouched(here), name: "张敏" })?.name).toEqual({
    value: "张敏",
    seen: `own:${second.row.id}`,
  });
});

test.each([
  ["", null],
  ["13800138000", null],
  ["+86 138-0013-8000", null],
  ["８８８８６６６６", null],
  ["1234", "telephone_unfit"],
  ["+-  ", "telephone_unfit"],
  ["123456789012345678901", "telephone_unfit"],
  ["8888转3", "telephone_unfit"],
])("telephone number %s: %s", (phone, fault) => {
  expect(faultsOf({ name: "张敏", phone, safety: {} })).toEqual({ name: null, phone: fault });
});

test("a name cannot be taken away", () => {
  expect(faultsOf({ name: "  ", phone: "", safety: {} }).name).toBe("name_missing");
});
