import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MOST_IN_BATCH, pauseAfter, URGENT_MS } from "../src/net/courier";
import { enrolAnew } from "../src/store/anew";
import type { Db } from "../src/store/db";
import { carry, chainOf, commandsIn, fileOf, ownCommands, tidy, waitingRows } from "../src/store/outbox";
import { newDevice, unlock } from "../src/store/users";
import { TestServer } from "./server";
import { courierFor, enrolling, freshStore, mark, PIN, somebody } from "./surroundings";

let server: TestServer;
let db: Db;

beforeEach(async () => {
  server = new TestServer();
  await server.listen();
  db = await freshStore();
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const states = async () => (await db.getAll("outbox")).map(row => row.state);
const entries = () =>
  server.applied.map(command =>
    "who" in command.body && "entry" in command.body.who ? command.body.who.entry : "",
  );

test("what was saved arrives in its order, in batches, and leaves by receipt", async () => {
  const who = await somebody(db, server);
  for (let at = 0; at < MOST_IN_BATCH + 20; at += 1) await mark(db, who, `e${at}`);
  await courierFor(db, server).drain();
  expect(server.batches.map(batch => batch.length)).toEqual([MOST_IN_BATCH, 20]);
  expect(entries()).toEqual(Array.from({ length: MOST_IN_BATCH + 20 }, (_, at) => `e${at}`));
  expect(new Set(await states())).toEqual(new Set(["arrived"]));
});

test("danger to life goes first and alone, with what it builds on", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  const first = await mark(db, who, "e2", "away");
  await mark(db, who, "e3");
  const second = await mark(db, who, "e2", "waiting", { base: first.row.id });
  const all = await ownCommands(db, who.id, who.key);
  const after = chainOf(all, second.row.id);
  expect(after).toEqual([second.row.id, first.row.id]);
  await mark(db, who, "e2", "done", { base: second.row.id, urgent: true, after });
  await courierFor(db, server).drain();
  expect(server.batches.map(batch => batch.length)).toEqual([3, 2]);
  expect(entries()).toEqual(["e2", "e2", "e2", "e1", "e3"]);
  expect(chainOf(await ownCommands(db, who.id, who.key), second.row.id)).toEqual([]);
});

test("while danger to life waits the phone does not wait long, unless the server asks for it", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  server.fate = () => "lost";
  const { courier, clock } = courierFor(db, server, { chance: () => 1 });
  for (let tries = 0; tries < 8; tries += 1) {
    clock.now = Math.max(clock.now, courier.nextAt);
    await courier.go();
    courier.stop();
  }
  expect(courier.nextAt - clock.now).toBeGreaterThan(60_000);
  await mark(db, who, "e2", "done", { urgent: true });
  await courier.rush();
  courier.stop();
  for (let tries = 0; tries < 3; tries += 1) {
    expect(courier.nextAt - clock.now).toBe(URGENT_MS);
    clock.now = courier.nextAt;
    await courier.go();
    courier.stop();
  }
  server.fate = () => 503;
  server.retryAfter = "120";
  await courier.rush();
  courier.stop();
  expect(courier.nextAt - clock.now).toBe(120_000);
  expect(await states()).toEqual(["waiting", "waiting"]);
});

test("half of all requests lost, before or after they arrive: each is applied once", async () => {
  const who = await somebody(db, server);
  for (let at = 0; at < 60; at += 1) await mark(db, who, `e${at}`);
  let turn = 0;
  server.fate = () => (["lost", "unanswered", "answered", "unanswered"] as const)[turn++ % 4] ?? "answered";
  await courierFor(db, server).drain();
  expect(entries().sort()).toEqual(Array.from({ length: 60 }, (_, at) => `e${at}`).sort());
  expect(new Set(await states())).toEqual(new Set(["arrived"]));
});

test.each([400, 401, 403, 404, 429, 500, 503])("an answer of %i empties nothing", async status => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  server.fate = () => status;
  const { courier, clock } = courierFor(db, server);
  await courier.go();
  courier.stop();
  expect(await states()).toEqual(["waiting"]);
  expect(courier.nextAt).toBeGreaterThan(clock.now);
});

test("an answer that is no JSON, or names other ids, is no receipt", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  const { courier } = courierFor(db, server);
  for (const answer of [
    "<html>",
    '{"receipts": "all"}',
    '{"receipts": [{"id": "other", "status": "accepted"}, null]}',
  ]) {
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async () => new Response(answer, { status: 200 }));
    await courier.go(true);
    courier.stop();
    vi.stubGlobal("fetch", real);
    expect(await states()).toEqual(["waiting"]);
  }
});

test("a server that asks to be left alone is, even when the signal comes back", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  server.fate = () => 503;
  server.retryAfter = "120";
  const { courier, clock } = courierFor(db, server);
  await courier.go();
  expect(courier.nextAt - clock.now).toBeGreaterThanOrEqual(120_000);
  server.fate = () => "answered";
  await courier.go(true);
  expect(await states()).toEqual(["waiting"]);
  clock.now += 120_001;
  await courier.go(true);
  courier.stop();
  expect(await states()).toEqual(["arrived"]);
});

test("one command that the server finds wrong does not hold up the others", async () => {
  const who = await somebody(db, server);
  for (const entry of ["a", "b", "bad", "c"]) await mark(db, who, entry);
  const bad = (await ownCommands(db, who.id, who.key))[2]?.row.id;
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) =>
    String(init.body).includes(String(bad)) ? new Response("{}", { status: 400 }) : real(url, init),
  );
  const { courier } = courierFor(db, server);
  await courier.go();
  courier.stop();
  vi.stubGlobal("fetch", real);
  expect(entries().sort()).toEqual(["a", "b", "c"]);
  expect((await waitingRows(db)).map(row => row.id)).toEqual([bad]);
});

test("what is set aside leaves the outbox with its sentence", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  server.judge = () => ({ status: "quarantined", reason: "refused", sentence: "这一轮已经结束" });
  await courierFor(db, server).drain();
  expect(await db.getAll("outbox")).toMatchObject([
    { state: "aside", reason: "refused", sentence: "这一轮已经结束" },
  ]);
});

test("a device that the server does not know is enrolled anew, and what waits is sealed for it under its ids", async () => {
  const who = await somebody(db, server);
  const first = await mark(db, who, "e1");
  const second = await mark(db, who, "e2");
  server.devices.clear();
  const { courier, drain } = courierFor(db, server, {
    strangers: async rows => {
      await enrolAnew(db, who, newDevice(), enrolling(server));
      return new Set(rows.map(row => row.id));
    },
  });
  await drain();
  courier.stop();
  expect(entries()).toEqual(["e1", "e2"]);
  expect([...server.sealed.keys()]).toEqual([first.row.id, second.row.id]);
  expect((await db.getAll("outbox")).map(row => row.seq)).toEqual([1, 2]);
  // The same PIN opens the new key, and with it what was saved before.
  const again = await unlock(db, who.id, PIN);
  if (!("unlocked" in again)) throw new Error("not unlocked");
  expect(await ownCommands(db, who.id, again.unlocked.key)).toHaveLength(2);
});

test("locked, an unknown device waits for its owner and the others' commands go on", async () => {
  const one = await somebody(db, server);
  await mark(db, one, "e1");
  server.devices.clear();
  server.user = { id: "u2", name: "刘洋" };
  const two = await somebody(db, server);
  await mark(db, two, "e2");
  const { courier } = courierFor(db, server);
  await courier.go();
  courier.stop();
  expect(entries()).toEqual(["e2"]);
  expect((await waitingRows(db)).map(row => row.user)).toEqual(["u1"]);
});

test("a colleague's file is carried: sent from here, readable to nobody here, taken twice it is one", async () => {
  const theirs = await freshStore();
  const colleague = await somebody(theirs, server);
  await mark(theirs, colleague, "e1");
  const file = fileOf(await waitingRows(theirs));
  const commands = commandsIn(file);
  expect(commands).toHaveLength(1);
  server.user = { id: "u2", name: "刘洋" };
  const me = await somebody(db, server);
  expect(await carry(db, commands ?? [], "2026-11-29T00:00:00Z")).toBe(1);
  expect(await carry(db, commands ?? [], "2026-11-29T00:00:00Z")).toBe(0);
  expect(await ownCommands(db, me.id, me.key)).toEqual([]);
  await courierFor(db, server).drain();
  expect(server.applied.map(command => command.actor)).toEqual([colleague.id]);
  await courierFor(theirs, server).drain();
  expect(server.applied).toHaveLength(1);
  expect((await theirs.getAll("outbox")).map(row => row.state)).toEqual(["arrived"]);
});

test.each(["", "{}", '{"shouwang":1,"commands":[{}]}', '{"shouwang":2,"commands":[]}', "[1]"])(
  "%s is no file of commands",
  text => expect(commandsIn(text)).toBeNull(),
);

test("two tabs take no seq twice and leave no gap", async () => {
  const who = await somebody(db, server);
  await Promise.all(Array.from({ length: 30 }, (_, at) => mark(db, who, `e${at}`)));
  const seqs = (await db.getAll("outbox")).map(row => row.seq).sort((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
});

test("what could not be stored takes no seq and is not there", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  const real = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await expect(mark(db, who, "e2")).rejects.toThrow("full");
  IDBObjectStore.prototype.add = real;
  await mark(db, who, "e3");
  expect((await db.getAll("outbox")).map(row => row.seq).sort()).toEqual([1, 2]);
});

test("tidying takes what arrived before today and never what waits", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  await courierFor(db, server).drain();
  await mark(db, who, "e2");
  await tidy(db, new Date(Date.now() + 3 * 24 * 3600_000));
  expect(await states()).toEqual(["waiting"]);
});

test("a time that the server names is an appointment, not a failure", async () => {
  const who = await somebody(db, server);
  await mark(db, who, "e1");
  server.fate = () => 503;
  server.retryAfter = "40";
  const { courier, clock } = courierFor(db, server, { chance: () => 1 });
  for (let times = 0; times < 4; times += 1) {
    await courier.go();
    courier.stop();
    expect(courier.nextAt - clock.now).toBe(42_000);
    clock.now = courier.nextAt;
  }
});

test("the pause between tries grows to five minutes and is any time up to that", () => {
  expect([0, 1, 2, 10, 60].map(tries => pauseAfter(tries, 1))).toEqual([2000, 4000, 8000, 300_000, 300_000]);
  expect(pauseAfter(5, 0)).toBe(0);
  expect(pauseAfter(3, 0.5)).toBe(8000);
});
