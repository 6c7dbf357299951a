/** What becomes of something that was scanned or typed: a mark, a tube, people to choose from, or words why not. */

import type { Phone } from "../phone";
import type { Mark, Round, Who } from "../wire";
import type { Key } from "../words";
import { type CodeRead, readCode } from "./codes";
import { currentTube, labelOf, type Pending, pendingFor, saveMark, tubeState } from "./marking";
import { found, type Line, linesOf, marksOf } from "./roster";
import { readScanned } from "./scanned";
import { present } from "./tubes";

export type Outcome =
  | { kind: "saved"; label: string; key: Key }
  | { kind: "ask"; pending: Pending }
  | { kind: "choose"; lines: Line[] }
  | { kind: "tube"; barcode: string }
  | { kind: "not_saved" }
  | { kind: "said"; key: Key; values?: Record<string, string> };

const CODE_FAULTS = {
  expired: "code_expired",
  forged: "code_forged",
  unreadable: "code_unreadable",
} as const satisfies Record<string, Key>;

/** Reads what came by camera, photo or keyboard, and does what follows from it. */
export async function take(phone: Phone, round: Round, raw: string, camera: boolean): Promise<Outcome> {
  const scanned = readScanned(raw, round.tube_size !== null, camera);
  switch (scanned.kind) {
    case "tube":
      phone.tubes.set(round.id, scanned.barcode);
      return { kind: "tube", barcode: scanned.barcode };
    case "bad_id":
      return { kind: "said", key: "id_check_digit" };
    case "id":
      return takeUnlisted(phone, round, { id_number: scanned.number }, "id_noted");
    case "code":
      return takeCode(phone, round, scanned.text);
    case "word":
      return takeWord(phone, round, scanned.text, camera);
  }
}

async function takeCode(phone: Phone, round: Round, text: string): Promise<Outcome> {
  const read: CodeRead = await readCode(text, phone.user?.codeKey ?? null, phone.serverNow());
  if (read.verdict in CODE_FAULTS)
    return { kind: "said", key: CODE_FAULTS[read.verdict as keyof typeof CODE_FAULTS] };
  const lines = phone.snapshot ? linesOf(phone.snapshot, round.id, phone.own) : [];
  const line = lines.find(({ entry }) => entry.codes.includes(read.short));
  if (line) return takeLine(phone, round, line);
  return takeUnlisted(phone, round, { code: text }, "code_not_on_list");
}

function takeWord(phone: Phone, round: Round, text: string, camera: boolean): Outcome {
  if (camera) return { kind: "said", key: "code_of_others" };
  const lines = phone.snapshot ? linesOf(phone.snapshot, round.id, phone.own) : [];
  const some = found(lines, text);
  if (some.length > 0) return { kind: "choose", lines: some };
  return { kind: "said", key: round.cut ? "not_on_phone_scan" : "nobody_found_scan" };
}

/** Somebody of the roster. Whoever is done already is not done again. */
export async function takeLine(phone: Phone, round: Round, line: Line): Promise<Outcome> {
  if (line.state === "done") return { kind: "said", key: "done_already", values: { who: labelOf(line) } };
  return save(phone, pendingFor(phone, round, line), "saved_of");
}

async function takeUnlisted(phone: Phone, round: Round, who: Who, key: Key): Promise<Outcome> {
  const before = present(marksOf(phone.own, round.id)).find(mark => sameWho(mark.command.body, who));
  const label =
    "id_number" in who ? phone.say("by_id_number", { end: who.id_number.slice(-4) }) : phone.say("by_code");
  if (before) return { kind: "said", key: "done_already", values: { who: label } };
  return save(phone, unlisted(phone, round, who, label), key);
}

const sameWho = (mark: Mark, who: Who): boolean => JSON.stringify(mark.who) === JSON.stringify(who);

/** A mark about somebody whom this phone's roster does not name. */
export function unlisted(phone: Phone, round: Round, who: Who, label: string): Pending {
  const tube = round.tube_size ? (currentTube(phone, round)?.barcode ?? "") : "";
  return { round, who, base: null, label, tube };
}

/** Saves it as done, unless there is no tube for it or something must be asked first. */
export async function save(phone: Phone, pending: Pending, key: Key): Promise<Outcome> {
  const state = tubeState(phone, pending.round);
  if (state !== "ready") return { kind: "said", key: state === "full" ? "tube_full" : "tube_first" };
  if (pending.round.questions.length > 0) return { kind: "ask", pending };
  const id = await saveMark(phone, pending, "done");
  return id ? { kind: "saved", label: pending.label, key } : { kind: "not_saved" };
}
