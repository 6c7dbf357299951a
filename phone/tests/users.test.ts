import { afterEach, beforeEach, expect, test } from "vitest";
import { faultOfPin, openerOf, PIN_ROUNDS } from "../src/keys";
import { dropOld, keepSnapshot, readSnapshot } from "../src/store/cache";
import type { Db } from "../src/store/db";
import { ownCommands } from "../src/store/outbox";
import { MOST_WRONG, unlock } from "../src/store/users";
import type { Pulled } from "../src/wire";
import { TestServer } from "./server";
import { courierFor, enrolling, freshStore, mark, PIN, somebody } from "./surroundings";

let server: TestServer;
let db: Db;

const SEEN = { name: "n", phone: "p" };
const PULLED: Pulled = {
  position: 7,
  mark: "m",
  now: "2026-11-29T00:00:00Z",
  keep_hours: 500,
  stood_down: false,
  work: [],
  rounds: [],
  entries: [
    {
      id: "e1",
      round: "r1",
      building: "8号楼",
      door: "8号楼 2单元 501",
      floor: 5,
      name: "李秀英",
      state: "waiting",
      last: null,
      tries: 0,
      do: ["放门口"],
      codes: [],
    },
  ],
  homes: [
    { id: "h1", door: "8号楼 1单元 302", floor: 3, people: [{ id: "p1", name: "王建国", seen: SEEN }] },
  ],
  safety: [{ code: "oxygen", text: "家中吸氧" }],
};

beforeEach(async () => {
  server = new TestServer();
  await server.listen();
  db = await freshStore();
});

afterEach(() => server.close());

async function everything(): Promise<string> {
  const found = [];
  for (const store of ["users", "outbox", "cache"] as const) found.push(...(await db.getAll(store)));
  return JSON.stringify(found, (_key, value) => (value instanceof Uint8Array ? [...value].join() : value));
}

test("the right PIN opens, a wrong one counts, and the right one clears the count", async () => {
  const who = await somebody(db, server);
  expect(await unlock(db, who.id, "111112")).toEqual({ left: MOST_WRONG - 1 });
  expect(await unlock(db, who.id, PIN)).toHaveProperty("unlocked");
  expect(await unlock(db, who.id, "111112")).toEqual({ left: MOST_WRONG - 1 });
});

test("after ten wrong PINs the cache and the key are gone, and the outbox still arrives", async () => {
  const who = await somebody(db, server);
  await keepSnapshot(db, who, PULLED, Date.now());
  await mark(db, who, "e1");
  for (let left = MOST_WRONG - 1; left >= 0; left -= 1)
    expect(await unlock(db, who.id, "111112")).toEqual({ left });
  expect(await unlock(db, who.id, PIN)).toEqual({ left: 0 });
  expect(await db.getAll("cache")).toEqual([]);
  await courierFor(db, server).drain();
  expect(server.applied).toHaveLength(1);
});

// Three digits of a door may stand in what is sealed by chance; Chinese cannot.
test("nothing in storage can be read but who uses the phone", async () => {
  const who = await somebody(db, server);
  await keepSnapshot(db, who, PULLED, Date.now());
  await mark(db, who, "e1");
  const stored = await everything();
  expect(stored).toContain("张敏");
  for (const secret of ["李秀英", "王建国", "单元", "放门口", "rounds.mark", PIN])
    expect(stored).not.toContain(secret);
});

test("another user of the same phone opens nothing of the first", async () => {
  const one = await somebody(db, server);
  await keepSnapshot(db, one, PULLED, Date.now());
  await mark(db, one, "e1");
  server.user = { id: "u2", name: "刘洋" };
  const two = await somebody(db, server, "730518");
  expect(await readSnapshot(db, { ...two, id: one.id }, Date.now())).toBeNull();
  expect(await ownCommands(db, one.id, two.key)).toEqual([]);
});

test("what is cached lives 72 hours at most, whatever the server says", async () => {
  const who = await somebody(db, server);
  const now = Date.now();
  await keepSnapshot(db, who, PULLED, now);
  expect(await readSnapshot(db, who, now + 71 * 3600_000)).toMatchObject({ position: 7 });
  await dropOld(db, now + 73 * 3600_000);
  expect(await db.getAll("cache")).toEqual([]);
});

test.each([
  ["12345", "pin_short"],
  ["48291a", "pin_short"],
  ["111111", "pin_simple"],
  ["123456", "pin_simple"],
  ["654321", "pin_simple"],
  ["482913", null],
])("PIN %s: %s", (pin, fault) => expect(faultOfPin(pin)).toBe(fault));

test("a PIN is stirred 600,000 times when nobody says otherwise", async () => {
  const { enrolUser, newDevice } = await import("../src/store/users");
  await enrolUser(db, PIN, newDevice(), enrolling(server));
  expect((await db.getAll("users"))[0]?.rounds).toBe(600_000);
  expect(PIN_ROUNDS).toBe(600_000);
  expect((await openerOf(PIN, new Uint8Array(16), 1)).extractable).toBe(false);
});
