/** The roster as this phone knows it: what the server last said, and over it what was done here since. */

import type { Snapshot } from "../store/cache";
import type { Own } from "../store/outbox";
import { asOneWalks, fitting, type Section, sectionsBy } from "../walk";
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
    .sort((a, b) => asOneWalks(a.entry, b.entry));
}

function lineOf(entry: Entry, mark: MarkOwn | undefined): Line {
  if (!mark) return { entry, state: entry.state, base: entry.last, unsent: false, at: null };
  const { row, command } = mark;
  const unsent = row.state === "waiting";
  return { entry, state: command.body.state, base: row.id, unsent, at: command.made_at };
}

export const sectionsOf = (lines: Line[]): Section<Line>[] => sectionsBy(lines, line => line.entry);

const OPEN = new Set(["waiting", "away", "deferred"]);

export const isMissing = (line: Line): boolean => OPEN.has(line.state);

export interface Counts {
  all: number;
  missing: number;
  unsent: number;
}

export function countsOf(lines: Line[]): Counts {
  const count = (holds: (line: Line) => boolean) => lines.filter(holds).length;
  return { all: lines.length, missing: count(isMissing), unsent: count(line => line.unsent) };
}

/**
 * The whole round, which may be more than this phone was given: the server's count, and what was said here since.
 * A code or number of somebody who is not here changes nothing: perhaps they were settled before, and to say that
 * too many are missing harms less than too few.
 */
export function countsIn(round: Round, lines: Line[]): Counts {
  const here = countsOf(lines);
  if (round.all === undefined || round.open === undefined) return here;
  const before = lines.filter(({ entry }) => OPEN.has(entry.state)).length;
  return { ...here, all: round.all, missing: Math.max(0, round.open + here.missing - before) };
}

export const found = (lines: Line[], typed: string): Line[] =>
  fitting(lines, typed, ({ entry }) => `${entry.name} ${entry.door}`);

export const MARKS_WITH_NOTE = new Set(["refused", "moved", "exempt", "deferred"]);

export const roundOf = (snapshot: Snapshot | null, id: Uuid): Round | null =>
  snapshot?.rounds.find(round => round.id === id) ?? null;
