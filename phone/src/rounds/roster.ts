/** The roster as this phone knows it: what the server last said, and over it what was done here since. */

import type { Snapshot } from "../store/cache";
import type { Own } from "../store/outbox";
import type { Entry, Mark, Round, Uuid } from "../wire";

export interface Line {
  entry: Entry;
  state: string;
  /** The newest thing known of it: what the next mark takes as its base. */
  base: Uuid | null;
  /** Said here and not yet arrived. */
  unsent: boolean;
  /** When it was said here; null when it is the server's word. */
  at: string | null;
}

export interface MarkOwn extends Own {
  command: Extract<Own["command"], { kind: "rounds.mark" }>;
}

/** What a mark says goes over the server's word until the server's word includes it; never when it was set aside. */
export function stillCounts(own: Own, snapshot: Snapshot | null): boolean {
  const { state, settled_at } = own.row;
  if (state === "waiting") return true;
  return state === "arrived" && (snapshot === null || (settled_at ?? 0) >= snapshot.askedAt);
}

export function marksOf(own: Own[], round: Uuid): MarkOwn[] {
  return own.filter(
    (one): one is MarkOwn => one.command.kind === "rounds.mark" && one.command.body.round === round,
  );
}

/** The entry that a mark is about, as far as this phone can say. */
export function entryOf(
  mark: Mark,
  entries: Entry[],
  shortOf: (text: string) => string | null,
): Entry | null {
  const { who } = mark;
  if ("entry" in who) return entries.find(entry => entry.id === who.entry) ?? null;
  if (!("code" in who)) return null;
  const short = shortOf(who.code);
  return (short && entries.find(entry => entry.round === mark.round && entry.codes.includes(short))) || null;
}

export function linesOf(snapshot: Snapshot, round: Uuid, own: Own[]): Line[] {
  const newest = new Map<Uuid, MarkOwn>();
  for (const mark of marksOf(own, round)) {
    const { who } = mark.command.body;
    if ("entry" in who && stillCounts(mark, snapshot)) newest.set(who.entry, mark);
  }
  return snapshot.entries
    .filter(entry => entry.round === round)
    .map(entry => lineOf(entry, newest.get(entry.id)))
    .sort(fromTheTop);
}

function lineOf(entry: Entry, mark: MarkOwn | undefined): Line {
  if (!mark) return { entry, state: entry.state, base: entry.last, unsent: false, at: null };
  const { row, command } = mark;
  const unsent = row.state === "waiting";
  return { entry, state: command.body.state, base: row.id, unsent, at: command.made_at };
}

const byNumber = new Intl.Collator("zh", { numeric: true });

/** Stairwell by stairwell (its name begins with the building's), top floor down: the way one walks. */
function fromTheTop(a: Line, b: Line): number {
  return (
    byNumber.compare(stairwellOf(a.entry), stairwellOf(b.entry)) ||
    (b.entry.floor ?? -99) - (a.entry.floor ?? -99) ||
    byNumber.compare(a.entry.door, b.entry.door)
  );
}

/** What stands before the door's own number: "8号楼 2单元 501" is in "8号楼 2单元". */
export function stairwellOf(entry: Entry): string {
  const parts = entry.door.trim().split(/\s+/);
  return parts.length > 1 ? parts.slice(0, -1).join(" ") : entry.building;
}

/** The door's own number: enough below a heading that says the stairwell. */
export function doorOf(entry: Entry): string {
  return entry.door.trim().split(/\s+/).at(-1) ?? entry.door;
}

export interface Section {
  name: string;
  lines: Line[];
}

export function sectionsOf(lines: Line[]): Section[] {
  const found: Section[] = [];
  for (const line of lines) {
    const name = stairwellOf(line.entry);
    const last = found.at(-1);
    if (last?.name === name) last.lines.push(line);
    else found.push({ name, lines: [line] });
  }
  return found;
}

const OPEN = new Set(["waiting", "away", "deferred"]);

export const isMissing = (line: Line): boolean => OPEN.has(line.state);

export interface Counts {
  all: number;
  missing: number;
  done: number;
  unsent: number;
}

export function countsOf(lines: Line[]): Counts {
  const count = (holds: (line: Line) => boolean) => lines.filter(holds).length;
  return {
    all: lines.length,
    missing: count(isMissing),
    done: count(line => line.state === "done"),
    unsent: count(line => line.unsent),
  };
}

/** Lines whose name or door fits what was typed; the door's digits alone are enough. */
export function found(lines: Line[], typed: string): Line[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return lines.filter(({ entry }) => {
    const text = `${entry.name} ${entry.door}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}

export const MARKS_WITH_NOTE = new Set(["refused", "moved", "exempt", "deferred"]);

export const roundOf = (snapshot: Snapshot | null, id: Uuid): Round | null =>
  snapshot?.rounds.find(round => round.id === id) ?? null;
