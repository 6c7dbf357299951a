/** The delivery run in the hand: what the server last said of its stops, and over it what was done here since. */

import { stillCounts } from "../rounds/roster";
import type { Snapshot } from "../store/cache";
import type { Own } from "../store/outbox";
import type { DeliveryRun, DeliveryStop, Kind, Uuid } from "../wire";

export interface StopLine {
  stop: DeliveryStop;
  state: string;
  /** Said here and not yet arrived. */
  unsent: boolean;
  /** How often somebody rang them from here. */
  rings: number;
}

export interface Cart {
  run: DeliveryRun;
  lines: StopLine[];
  /** It was said here that the cart is back. */
  over: boolean;
}

const OPEN = new Set(["open", "called", "nobody"]);
const RUN_KINDS: ReadonlySet<Kind> = new Set<Kind>([
  "goods.at_stairwell",
  "goods.rung",
  "goods.handed_over",
  "goods.not_handed",
  "goods.nobody_there",
]);

export const runOf = (snapshot: Snapshot | null, id: Uuid): DeliveryRun | null =>
  snapshot?.runs?.find(run => run.id === id) ?? null;

export function cartOf(snapshot: Snapshot | null, own: Own[], id: Uuid): Cart | null {
  const run = runOf(snapshot, id);
  if (!run) return null;
  const said = own.filter(one => one.row.state !== "aside" && stillCounts(one, snapshot));
  const over = said.some(({ command }) => command.kind === "goods.run_over" && command.body.run === id);
  return { run, lines: run.stops.map(stop => lineOf(stop, run, said)), over };
}

/** That the cart stands at a stairwell is true of everything it brings there. */
function lineOf(stop: DeliveryStop, run: DeliveryRun, said: Own[]): StopLine {
  let line: StopLine = { stop, state: stop.state, unsent: false, rings: 0 };
  let before = given(line) ? openAgain(stop) : stop.state;
  for (const { command, row } of said) {
    if (!RUN_KINDS.has(command.kind) || !("stop" in command.body)) continue;
    const there = run.stops.find(one => "stop" in command.body && one.id === command.body.stop);
    if (!there) continue;
    const unsent = row.state === "waiting";
    if (command.kind === "goods.at_stairwell") {
      if (there.place === stop.place && line.state === "open") line = { ...line, state: "called", unsent };
    } else if (there.id === stop.id) {
      if (!given(line)) before = line.state;
      line =
        command.kind === "goods.not_handed" && given(line)
          ? { ...line, state: before, unsent }
          : after(line, command, unsent);
    }
  }
  return line;
}

function after(line: StopLine, command: Own["command"], unsent: boolean): StopLine {
  switch (command.kind) {
    case "goods.rung":
      return { ...line, rings: line.rings + 1, unsent };
    case "goods.handed_over":
      return { ...line, state: command.body.left ? "left_at_door" : "handed_over", unsent };
    case "goods.nobody_there":
      return given(line) ? line : { ...line, state: command.body.outcome, unsent };
    default:
      return line;
  }
}

/** How a stop stands of which the server heard that it was handed over, when it was not. */
const openAgain = ({ tries, reached }: DeliveryStop): string =>
  tries > 0 ? "nobody" : reached > 0 ? "called" : "open";

export const given = ({ state }: StopLine): boolean => state === "handed_over" || state === "left_at_door";

export const isOpen = ({ state }: StopLine): boolean => OPEN.has(state);

/** The next stop: the first in order at which nobody has been; those where nobody was there come last. */
export function nextOf(cart: Cart): StopLine | null {
  const open = cart.lines.filter(isOpen);
  return open.find(({ state }) => state !== "nobody") ?? open[0] ?? null;
}

/** What still lies in the cart: pieces and kilograms. */
export function loadOf(cart: Cart): { pieces: number; kg: string } {
  const rest = cart.lines.filter(line => !given(line));
  const kg = rest.reduce((sum, { stop }) => sum + Number(stop.kg), 0);
  const pieces = rest.reduce((sum, { stop }) => sum + stop.pieces, 0);
  return { pieces, kg: kg.toFixed(1).replace(/\.0$/, "") };
}

/** Others at the stairwell of the next stop, who are rung up with it. */
export const withIt = (cart: Cart, next: StopLine): StopLine[] =>
  cart.lines.filter(
    line => isOpen(line) && line.stop.place === next.stop.place && line.stop.id !== next.stop.id,
  );
