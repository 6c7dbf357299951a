import { expect, test } from "vitest";
import { type HandKind, handsOf } from "../src/hands/holding";
import type { Snapshot } from "../src/store/cache";
import type { ItemState } from "../src/store/db";
import type { Own } from "../src/store/outbox";
import type { Held } from "../src/wire";

const card: Held = {
  id: "card",
  kind: "insurance_card",
  what: "医保卡",
  whose: "8号楼 2单元 501",
  since: "2022-03-20T01:00:00Z",
  due_at: null,
  state: "held",
  to: "",
  acts: ["goods.give_back"],
};
const keys: Held = { ...card, id: "keys", what: "钥匙", since: "2022-03-19T01:00:00Z" };
const cash: Held = {
  ...card,
  id: "cash",
  what: "现金",
  since: "2022-03-20T02:00:00Z",
  acts: ["goods.confirm_holding"],
};
const NOW = Date.parse("2022-03-20T12:00:00Z");

const snapshot = (...hands: Held[]): Snapshot => ({
  position: 1,
  mark: "",
  now: "",
  keep_hours: 72,
  stood_down: false,
  work: [],
  rounds: [],
  entries: [],
  hands,
  askedAt: 1000,
  keptUntil: 9999,
});

function own(
  kind: HandKind,
  holding: string,
  state: ItemState = "waiting",
  settled_at: number | null = null,
): Own {
  const row = { id: `c${holding}`, user: "u", device: "d", seq: 1, made: 1, sealed: "", made_at: "" };
  const said = { actor: "u", schema: 1 as const, base: null, made_at: "" };
  return {
    row: { ...row, state, reason: "", sentence: "", settled_at },
    command:
      kind === "goods.give_back"
        ? { ...said, kind, body: { holding, to: "", photo: "" } }
        : { ...said, kind, body: { holding } },
  };
}

test("what waits for one's word stands first, then what is late, then what one has had longest", () => {
  const late = { ...card, due_at: "2022-03-20T11:00:00Z" };
  const all = handsOf(snapshot(late, keys, cash), [], NOW);
  expect(all.map(({ held }) => held.id)).toEqual(["cash", "card", "keys"]);
  expect(all.map(({ late }) => late)).toEqual([false, true, false]);
});

test("what was said here is not offered again, and says whether it has arrived", () => {
  const waiting = handsOf(snapshot(card), [own("goods.give_back", "card")], NOW)[0];
  expect(waiting).toMatchObject({ act: null, said: "goods.give_back", unsent: true });
  const arrived = handsOf(snapshot(card), [own("goods.give_back", "card", "arrived", 2000)], NOW)[0];
  expect(arrived).toMatchObject({ act: null, said: "goods.give_back", unsent: false });
});

test("what arrived before the last fetch is in what was fetched", () => {
  const old = handsOf(snapshot(card), [own("goods.confirm_holding", "card", "arrived", 10)], NOW)[0];
  expect(old).toMatchObject({ act: "goods.give_back", said: null });
  expect(handsOf(null, [], NOW)).toEqual([]);
});

test("what one gave by somebody else's word waits for one's own", () => {
  const gone: Held = { ...card, id: "gone", acts: ["goods.confirm_holding"], gave: true };
  expect(handsOf(snapshot(card, gone), [], NOW)[0]?.held.id).toBe("gone");
  expect(handsOf(snapshot(gone), [own("goods.confirm_holding", "gone")], NOW)[0]?.act).toBe(null);
});
