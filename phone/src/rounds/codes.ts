/** Residents' codes: read and verified without a signal. What is in one says nothing about anybody. */

import { encoded, fromBase32, fromBase64, toHex } from "../bytes";

export type Verdict = "good" | "expired" | "forged" | "unreadable" | "unverified";

export interface CodeRead {
  verdict: Verdict;
  /** The code's id in hex; "" when unreadable. */
  short: string;
}

const MARK = "SW1.";
const LENGTH = 76;
const SIGNED = 12;
const EPOCH = Date.UTC(2020, 0, 1);
const DAY = 24 * 3600_000;

export const looksLikeCode = (text: string): boolean => text.trim().toUpperCase().startsWith(MARK);

/** The id in a code, without a look at its signature; null when it is none. */
export function shortOf(text: string): string | null {
  const bytes = bytesOf(text);
  return bytes && toHex(bytes.subarray(0, 10));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  const upper = text.trim().toUpperCase();
  if (!upper.startsWith(MARK)) return null;
  const bytes = fromBase32(upper.slice(MARK.length));
  return bytes?.length === LENGTH ? bytes : null;
}

/** `key`: base64 of the community's SPKI, or null when this phone was never told. `now`: the server's clock. */
export async function readCode(text: string, key: string | null, now: number): Promise<CodeRead> {
  const bytes = bytesOf(text);
  if (!bytes) return { verdict: "unreadable", short: "" };
  const short = toHex(bytes.subarray(0, 10));
  if (key === null) return { verdict: "unverified", short };
  if (!(await isSigned(bytes, key))) return { verdict: "forged", short };
  return { verdict: lastDayOf(bytes) < dayOf(now) ? "expired" : "good", short };
}

async function isSigned(bytes: Uint8Array<ArrayBuffer>, key: string): Promise<boolean> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const known = await crypto.subtle.importKey("spki", fromBase64(key), curve, false, ["verify"]);
  const said = new Uint8Array([...encoded("shouwang code 1"), ...bytes.subarray(0, SIGNED)]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, known, bytes.slice(SIGNED), said);
}

const lastDayOf = (bytes: Uint8Array): number => ((bytes[10] ?? 0) << 8) | (bytes[11] ?? 0);

/** The phone stands where the community is: its local day is the community's. */
function dayOf(now: number): number {
  const here = new Date(now);
  return (Date.UTC(here.getFullYear(), here.getMonth(), here.getDate()) - EPOCH) / DAY;
}
