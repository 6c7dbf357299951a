import { expect, test } from "vitest";
import { cartOf, isOpen, loadOf, nextOf, withIt } from "../src/runs/cart";
import type { Snapshot } from "../src/store/cache";
import type { ItemState } from "../src/store/db";
import type { Own } from "../src/store/outbox";
import type { Bodies, DeliveryStop, Kind } from "../src/wire";

const stop = (id: string, place: string, more: Partial<DeliveryStop> = {}): DeliveryStop => ({
  id,
  place,
  door: `${place}-${id}`,
  name: "",
  phone: "",
  floor: 3,
  to_door: false,
  cold: false,
  medicine: false,
  pieces: 1,
  kg: "2.5",
  numbers: "0001",
  due_at: null,
  state: "open",
  reached: 0,
  tries: 0,
  ...more,
});

const snapshot = (...stops: DeliveryStop[]): Snapshot => ({
  position: 1,
  mark: "",
  now: "",
  keep_hours: 72,
  stood_down: false,
  work: [],
  rounds: [],
  entries: [],
  runs: [{ id: "r", state: "out", kg: "7.5", ends_at: "", stops }],
  askedAt: 1000,
  keptUntil: 9999,
});

let made = 0;
function own<K extends Kind>(
  kind: K,
  body: Bodies[K],
  state: ItemState = "waiting",
  settled_at: number | null = null,
): Own {
  made += 1;
  const row = { id: `c${made}`, user: "u", device: "d", seq: made, made, sealed: "", made_at: "" };
  const command = { actor: "u", kind, schema: 1, base: null, made_at: "", body } as Own["command"];
  return { row: { ...row, state, reason: "", sentence: "", settled_at }, command };
}

const held = snapshot(stop("a", "1-1"), stop("b", "1-1"), stop("c", "2-1", { pieces: 2 }));

function cart(...said: Own[]) {
  const found = cartOf(held, said, "r");
  if (!found) throw new Error("no cart");
  return found;
}

const states = (...said: Own[]) => cart(...said).lines.map(line => line.state);

test("the cart at a stairwell is there for everybody who comes down there, and for nobody else", () => {
  expect(states(own("goods.at_stairwell", { stop: "a" }))).toEqual(["called", "called", "open"]);
  const next = nextOf(cart());
  expect(next?.stop.id).toBe("a");
  expect(next && withIt(cart(), next).map(line => line.stop.id)).toEqual(["b"]);
});

test("what was handed over leaves the cart, and nobody says that nobody was there", () => {
  const given = own("goods.handed_over", { stop: "a", left: false, to: "", photo: "" });
  const late = own("goods.nobody_there", { stop: "a", outcome: "nobody" });
  expect(states(given, late)).toEqual(["handed_over", "open", "open"]);
  expect(loadOf(cart(given))).toEqual({ pieces: 3, kg: "5" });
  expect(nextOf(cart(given))?.stop.id).toBe("b");
});

test("where nobody was there one comes back last, and may still hand it over", () => {
  const gone = own("goods.nobody_there", { stop: "a", outcome: "nobody" });
  expect(nextOf(cart(gone))?.stop.id).toBe("b");
  expect(cart(gone).lines.filter(isOpen)).toHaveLength(3);
  const left = own("goods.handed_over", { stop: "a", left: true, to: "", photo: "" });
  expect(states(gone, left)[0]).toBe("left_at_door");
});

test("a word that has arrived before the roster was asked for is the server's by now; one set aside counts nothing", () => {
  const before = own("goods.handed_over", { stop: "a", left: false, to: "", photo: "" }, "arrived", 500);
  const aside = own("goods.nobody_there", { stop: "b", outcome: "not_wanted" }, "aside", 2000);
  expect(states(before, aside)).toEqual(["open", "open", "open"]);
  expect(cart(own("goods.run_over", { run: "r" })).over).toBe(true);
  expect(cart(own("goods.rung", { stop: "a" }), own("goods.rung", { stop: "a" })).lines[0]?.rings).toBe(2);
});

test("handed over by mistake it lies in the cart again, as far as the stop was", () => {
  const given = own("goods.handed_over", { stop: "a", left: false, to: "", photo: "" });
  const back = own("goods.not_handed", { stop: "a" });
  expect(states(given, back)[0]).toBe("open");
  expect(loadOf(cart(given, back)).pieces).toBe(4);
  expect(nextOf(cart(given, back))?.stop.id).toBe("a");
  expect(states(own("goods.at_stairwell", { stop: "a" }), given, back)[0]).toBe("called");
  expect(states(own("goods.nobody_there", { stop: "a", outcome: "nobody" }), given, back)[0]).toBe("nobody");
  expect(states(back)[0]).toBe("open");
  expect(states(given, back, given)[0]).toBe("handed_over");
  const heard = snapshot(stop("a", "1-1", { state: "left_at_door", reached: 2 }));
  expect(cartOf(heard, [back], "r")?.lines[0]?.state).toBe("called");
});
