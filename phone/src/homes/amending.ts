/** From what was typed at a door to a command: only what was changed is sent. */

import type { Amend, Word } from "../wire";
import type { AtHome } from "./register";

export interface Typed {
  name: string;
  phone: string;
  /** By code; of what is not in it nothing was said. */
  safety: Record<string, boolean>;
}

/** The app holds no telephone number, so that an empty field says nothing of the one before. */
export const untouched = ({ dweller }: AtHome): Typed => ({ name: dweller.name, phone: "", safety: {} });

export type Fault = "name_missing" | "telephone_unfit";

export function faultsOf(typed: Typed): { name: Fault | null; phone: Fault | null } {
  const phone = numberOf(typed.phone);
  return {
    name: typed.name.trim() === "" ? "name_missing" : null,
    phone: phone === "" || isNumber(phone) ? null : "telephone_unfit",
  };
}

/** Digits as one types them on a Chinese keyboard, made plain. */
const numberOf = (typed: string): string => typed.normalize("NFKC").trim();

/** As the server has it: what it would set aside is better said at the door. A mobile of 11 digits, a landline with or
 * without area code, one from abroad. */
const RINGS = /^(1\d{10}|0\d{9,11}|[2-9]\d{4,7}|\+\d{7,15}|400\d{7})$/;

const isNumber = (text: string): boolean =>
  /^[\d+\- ]+$/.test(text) && RINGS.test(text.replace(/[- ]/g, "").replace(/^(?:\+86|0086)(?=1\d{10}$)/, ""));

/** What is sent, or null when nothing was changed. */
export function amendOf({ home, dweller }: AtHome, typed: Typed): Amend | null {
  const { person, seen } = dweller;
  const name = changed(typed.name.trim(), dweller.name.trim(), seen.name);
  const phone = changed(numberOf(typed.phone), "", seen.phone);
  const safety = Object.entries(typed.safety).map(([kind, holds]) => ({ kind, holds }));
  if (!name && !phone && safety.length === 0) return null;
  return { household: home.id, person: person.id, name, phone, safety };
}

const changed = (value: string, shown: string, seen: string): Word | null =>
  value === shown ? null : { value, seen };
