import { expect, test } from "vitest";
import { toBase64, uuid7 } from "../src/bytes";
import { readCode, shortOf } from "../src/rounds/codes";
import { askedOf, decimalOf, faultOf, isDanger, kept } from "../src/rounds/questions";
import type { MarkOwn } from "../src/rounds/roster";
import { countsIn, countsOf, found, linesOf, sectionsOf } from "../src/rounds/roster";
import { readScanned } from "../src/rounds/scanned";
import { openTube, tubeOf } from "../src/rounds/tubes";
import type { Snapshot } from "../src/store/cache";
import type { ItemState } from "../src/store/db";
import type { Entry, Question, Round, Who } from "../src/wire";

const entry = (id: string, door: string, floor: number, more: Partial<Entry> = {}): Entry => ({
  id,
  round: "r1",
  building: door.split(" ")[0] ?? "",
  door,
  floor,
  name: `人${id}`,
  state: "waiting",
  last: null,
  tries: 0,
  do: [],
  codes: [],
  ...more,
});

const snapshot = (entries: Entry[]): Snapshot => ({
  position: 1,
  mark: "",
  now: "",
  keep_hours: 72,
  stood_down: false,
  work: [],
  rounds: [],
  entries,
  askedAt: 1000,
  keptUntil: 9999,
});

let made = 0;
function own(who: Who, state: string, more: { row?: ItemState; at?: number; tube?: string } = {}): MarkOwn {
  made += 1;
  const id = `c${made}`;
  return {
    row: {
      id,
      user: "u",
      device: "d",
      seq: made,
      made,
      sealed: "",
      made_at: "",
      state: more.row ?? "waiting",
      reason: "",
      sentence: "",
      settled_at: more.at ?? null,
    },
    command: {
      actor: "u",
      kind: "rounds.mark",
      schema: 1,
      base: null,
      made_at: "2026-11-29T01:00:00Z",
      body: { round: "r1", who, state, note: "", tube: more.tube ?? "", answers: {} },
    },
  };
}

test("what was said here goes over what was fetched until a later fetch has it", () => {
  const held = snapshot([entry("a", "8号楼 1单元 101", 1, { last: "s1" })]);
  const state = (marks: MarkOwn[]) => linesOf(held, "r1", marks)[0];
  expect(state([])).toMatchObject({ state: "waiting", base: "s1", unsent: false });
  const waiting = own({ entry: "a" }, "done");
  expect(state([waiting])).toMatchObject({ state: "done", base: waiting.row.id, unsent: true });
  expect(state([own({ entry: "a" }, "done", { row: "arrived", at: 1500 })])).toMatchObject({
    state: "done",
    unsent: false,
  });
  expect(state([own({ entry: "a" }, "done", { row: "arrived", at: 500 })])).toMatchObject({ base: "s1" });
  expect(state([own({ entry: "a" }, "done", { row: "aside", at: 1500 })])).toMatchObject({
    state: "waiting",
  });
});

test("the roster goes as one walks: by stairwell, top floor down, doors as numbers", () => {
  const held = snapshot([
    entry("a", "8号楼 2单元 101", 1),
    entry("b", "8号楼 2单元 1001", 10),
    entry("c", "8号楼 10单元 901", 9),
    entry("d", "8号楼 2单元 902", 9),
    entry("e", "8号楼 2单元 901", 9),
    entry("f", "10号楼 1单元 101", 1),
  ]);
  const lines = linesOf(held, "r1", [own({ entry: "d" }, "away"), own({ entry: "e" }, "done")]);
  expect(lines.map(line => line.entry.id).join("")).toBe("bedacf");
  expect(sectionsOf(lines).map(section => section.name)).toEqual([
    "8号楼 2单元",
    "8号楼 10单元",
    "10号楼 1单元",
  ]);
  expect(countsOf(lines)).toEqual({ all: 6, missing: 5, unsent: 2 });
  expect(found(lines, "902").map(line => line.entry.id)).toEqual(["d"]);
  expect(found(lines, "人a").map(line => line.entry.id)).toEqual(["a"]);
});

const round = (more: Partial<Round> = {}): Round => ({
  id: "r1",
  name: "第三轮",
  kind: "",
  tube_size: null,
  questions: [],
  states: [],
  ...more,
});

test("a roster of which only a part is here is counted as a whole, less what was said here", () => {
  const held = snapshot([
    entry("a", "8号楼 1单元 101", 1),
    entry("b", "8号楼 1单元 102", 1, { state: "away" }),
    entry("c", "8号楼 1单元 103", 1, { state: "done" }),
  ]);
  const counts = (marks: MarkOwn[], more: Partial<Round>) =>
    countsIn(round(more), linesOf(held, "r1", marks));
  const cut = { all: 900, open: 40, cut: true };
  expect(counts([], cut)).toEqual({ all: 900, missing: 40, unsent: 0 });
  expect(counts([own({ entry: "a" }, "done"), own({ entry: "b" }, "away")], cut)).toMatchObject({
    missing: 39,
  });
  expect(counts([own({ entry: "c" }, "waiting")], cut)).toMatchObject({ missing: 41 });
  expect(counts([own({ code: "SW1.X" }, "done")], cut)).toMatchObject({ missing: 40 });
  expect(counts([own({ entry: "a" }, "done")], { all: 3, open: 0 })).toMatchObject({ missing: 0 });
  expect(counts([own({ entry: "a" }, "done")], {})).toEqual({ all: 3, missing: 1, unsent: 1 });
});

const question = (code: string, more: Partial<Question> = {}): Question => ({
  code,
  text: code,
  type: "yes_no",
  choices: [],
  required: true,
  when: null,
  unit: "",
  min: null,
  max: null,
  ...more,
});

test("a question whose condition does not hold is not asked and not sent", () => {
  const all = [
    question("fever"),
    question("degrees", { type: "temperature", min: 34, max: 43, when: { code: "fever", is: [true] } }),
    question("seen", { when: { code: "degrees", is: ["39.0"] } }),
  ];
  expect(askedOf(all, {}).map(one => one.code)).toEqual(["fever"]);
  expect(askedOf(all, { fever: true }).map(one => one.code)).toEqual(["fever", "degrees"]);
  expect(askedOf(all, { fever: false, degrees: "39.0" }).map(one => one.code)).toEqual(["fever"]);
  expect(kept(all, { fever: false, degrees: "39.0", seen: true })).toEqual({ fever: false });
  const wordy = question("x", { when: { code: "fever", is: ["yes"] } });
  expect(askedOf([question("fever"), wordy], { fever: true })).toHaveLength(2);
});

test("an answer is danger to life by the rules of the round, and only when it is asked", () => {
  const all = [
    question("unwell"),
    question("how", { type: "choices", life: ["breath"], when: { code: "unwell", is: [true] } }),
    question("awake", { life: [false] }),
    question("degrees", { type: "temperature", life: [], life_from: 40.5 }),
  ];
  expect(isDanger(all, {})).toBe(false);
  expect(isDanger(all, { unwell: true, how: ["fever", "breath"] })).toBe(true);
  expect(isDanger(all, { unwell: true, how: ["fever"] })).toBe(false);
  expect(isDanger(all, { unwell: false, how: ["breath"] })).toBe(false);
  expect(isDanger(all, { awake: false })).toBe(true);
  expect(isDanger(all, { awake: true })).toBe(false);
  expect(isDanger(all, { degrees: "40.4" })).toBe(false);
  expect(isDanger(all, { degrees: "40.5" })).toBe(true);
  expect(isDanger(all, { degrees: "" })).toBe(false);
});

test.each([
  ["３７，２", null],
  ["37.2", null],
  ["33.9", "answer_too_low"],
  ["43.1", "answer_too_high"],
  ["很高", "answer_no_number"],
  ["", "answer_missing"],
])("temperature %s: %s", (typed, fault) => {
  const degrees = question("t", { type: "temperature", min: 34, max: 43 });
  expect(faultOf(degrees, decimalOf(typed))).toBe(fault);
});

test.each([
  ["150199198001010011", false, "bad_id"],
  ["150199198001010013", false, "id"],
  ["１５０１９９１９８００１０１００１３", false, "id"],
  ["150199800101001", false, "id"],
  ["T2026-000123", true, "tube"],
  ["T2026-000123", false, "word"],
  ["501", true, "word"],
  ["李秀英", true, "word"],
  ["sw1.abc", false, "code"],
])("%s (tubes: %s) is read as %s", (text, tubes, kind) => {
  expect(readScanned(text, tubes, false).kind).toBe(kind);
});

test("a code is good, expired, forged or unreadable, and says only its id", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const spki = toBase64(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const day = 2525;
  const bytes = new Uint8Array(76);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, day >> 8, day & 255]);
  const said = new Uint8Array([...new TextEncoder().encode("shouwang code 1"), ...bytes.subarray(0, 12)]);
  bytes.set(
    new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, said)),
    12,
  );
  const text = `SW1.${base32(bytes)}`;
  const at = (offset: number) => new Date(2020, 0, 1 + day + offset, 12).getTime();
  const short = "0102030405060708090a";
  expect(await readCode(text, spki, at(0))).toEqual({ verdict: "good", short });
  expect(await readCode(text.toLowerCase(), spki, at(0))).toEqual({ verdict: "good", short });
  expect(await readCode(text, spki, at(1))).toEqual({ verdict: "expired", short });
  expect(await readCode(text, null, at(0))).toEqual({ verdict: "unverified", short });
  expect(
    (await readCode(`${text.slice(0, 30)}${text[30] === "A" ? "B" : "A"}${text.slice(31)}`, spki, at(0)))
      .verdict,
  ).toBe("forged");
  expect((await readCode("SW1.ABC", spki, at(0))).verdict).toBe("unreadable");
  expect((await readCode(`${text}1`, spki, at(0))).verdict).toBe("unreadable");
  expect(shortOf(text)).toBe(short);
});

function base32(bytes: Uint8Array): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map(five => letters[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

test("a tube holds whom it was last said to hold", () => {
  const marks = [
    own({ entry: "a" }, "done", { tube: "T1" }),
    own({ entry: "b" }, "done", { tube: "T1" }),
    own({ entry: "b" }, "waiting"),
    own({ entry: "c" }, "done", { tube: "T1", row: "aside" }),
    own({ entry: "a" }, "done", { tube: "T2" }),
  ];
  expect(tubeOf(marks, "T1").inside).toEqual([]);
  expect(tubeOf(marks, "T2").inside).toHaveLength(1);
  expect(openTube(marks, 2)).toBe("T2");
  expect(openTube(marks, 1)).toBeNull();
});

test("ids rise, also within one millisecond", () => {
  const ids = Array.from({ length: 5000 }, () => uuid7(1_700_000_000_000));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(5000);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
