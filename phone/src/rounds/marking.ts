/** From a person in front of the table to a mark: which tube, what is asked, what is saved. */

import type { Phone } from "../phone";
import type { Answers, Mark, Round, Uuid, Who } from "../wire";
import { isDanger } from "./questions";
import { type Line, linesOf, type MarkOwn, marksOf } from "./roster";
import { isFull, openTube, present, type Tube, tubeOf } from "./tubes";

/** A mark that is about to be made, and what to call whom it is about. */
export interface Pending {
  round: Round;
  who: Who;
  base: Uuid | null;
  label: string;
  tube: string;
}

export function lineFor(phone: Phone, round: Round, entry: Uuid): Line | null {
  return (
    (phone.snapshot && linesOf(phone.snapshot, round.id, phone.own).find(line => line.entry.id === entry)) ??
    null
  );
}

export const labelOf = (line: Line): string => `${line.entry.door} ${line.entry.name}`.trim();

export function pendingFor(phone: Phone, round: Round, line: Line): Pending {
  const tube = round.tube_size ? (currentTube(phone, round)?.barcode ?? "") : "";
  return { round, who: { entry: line.entry.id }, base: line.base, label: labelOf(line), tube };
}

/** Which tube is open at this phone; null when one must be scanned first. */
export function currentTube(phone: Phone, round: Round): Tube | null {
  if (!round.tube_size) return null;
  const marks = marksOf(phone.own, round.id);
  if (!phone.tubes.has(round.id)) phone.tubes.set(round.id, openTube(marks, round.tube_size));
  const barcode = phone.tubes.get(round.id);
  return barcode ? tubeOf(marks, barcode) : null;
}

/** Whether somebody may be put into a tube now: "full" and "none" say why not. */
export function tubeState(phone: Phone, round: Round): "ready" | "full" | "none" {
  if (!round.tube_size) return "ready";
  const tube = currentTube(phone, round);
  if (!tube) return "none";
  return isFull(tube, round.tube_size) ? "full" : "ready";
}

export function markOf(pending: Pending, state: string, note = "", answers: Answers = {}): Mark {
  const { round, who, tube } = pending;
  return { round: round.id, who, state, note, tube: state === "done" ? tube : "", answers };
}

/** Saves it; the id of the command, or null when it was not saved. An answer that is danger to life goes first. */
export async function saveMark(
  phone: Phone,
  pending: Pending,
  state: string,
  note = "",
  answers: Answers = {},
): Promise<string | null> {
  const urgent = isDanger(pending.round.questions, answers);
  const body = markOf(pending, state, note, answers);
  const id = await phone.record({ kind: "rounds.mark", body, base: pending.base, urgent });
  if (id && urgent) phone.alarm(pending.label);
  return id;
}

/** Marks of this phone that stand, newest last. */
export function standing(phone: Phone, round: Round): MarkOwn[] {
  return present(marksOf(phone.own, round.id));
}

/** The newest that may be taken back: "the last one was wrong". */
export const lastDone = (phone: Phone, round: Round): MarkOwn | null =>
  standing(phone, round)
    .filter(mark => mark.command.body.state === "done")
    .at(-1) ?? null;

/** Takes one's own mark back; what it said before stays on record. */
export function takeBack(phone: Phone, mark: MarkOwn): Promise<string | null> {
  const { round, who } = mark.command.body;
  const body: Mark = { round, who, state: "waiting", note: "", tube: "", answers: {} };
  return phone.record({ kind: "rounds.mark", body, base: mark.row.id });
}

/** The same again, in the right tube. */
export function moveToTube(phone: Phone, mark: MarkOwn, tube: string): Promise<string | null> {
  return phone.record({ kind: "rounds.mark", body: { ...mark.command.body, tube }, base: mark.row.id });
}

export function who(phone: Phone, mark: Mark): string {
  const { who: subject } = mark;
  if ("entry" in subject) {
    const entry = phone.snapshot?.entries.find(one => one.id === subject.entry);
    return entry ? `${entry.door} ${entry.name}`.trim() : phone.say("somebody_of_roster");
  }
  if ("walk_in" in subject) return subject.walk_in.name || phone.say("walk_in");
  if ("id_number" in subject) return phone.say("by_id_number", { end: subject.id_number.slice(-4) });
  return phone.say("by_code");
}
