/** What somebody scanned or typed: a resident's code, an ID number, a tube's barcode, or a word to look for. */

import { looksLikeCode } from "./codes";

export type Scanned =
  | { kind: "code"; text: string }
  | { kind: "id"; number: string }
  | { kind: "bad_id" }
  | { kind: "tube"; barcode: string }
  | { kind: "word"; text: string };

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

/** GB 11643: the last of 18 is worked out from the others. */
export function hasCheckDigit(number: string): boolean {
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(number[at]), 0);
  return number[17] === CHECKS[sum % 11];
}

/** `tubes`: whether barcodes of tubes are about. With `camera` a word can only be a barcode. */
export function readScanned(raw: string, tubes: boolean, camera: boolean): Scanned {
  const text = raw.normalize("NFKC").trim();
  if (looksLikeCode(text)) return { kind: "code", text: text.toUpperCase() };
  const upper = text.toUpperCase().replace(/\s/g, "");
  if (/^\d{17}[\dX]$/.test(upper)) {
    if (hasCheckDigit(upper)) return { kind: "id", number: upper };
    // Barcodes of tubes may have 18 digits too; the check digit tells one from the other.
    return tubes ? { kind: "tube", barcode: upper } : { kind: "bad_id" };
  }
  if (/^\d{15}$/.test(upper) && plausibleDate(upper) && !tubes) return { kind: "id", number: upper };
  if (tubes && /^[A-Z0-9][A-Z0-9./-]{4,39}$/.test(upper) && /\d{3}/.test(upper))
    return { kind: "tube", barcode: upper };
  return camera && /^[\x20-\x7e]+$/.test(text) && tubes
    ? { kind: "tube", barcode: upper }
    : { kind: "word", text };
}

/** In a number of 15 digits the birth date stands as yymmdd. */
function plausibleDate(number: string): boolean {
  const [month, day] = [Number(number.slice(8, 10)), Number(number.slice(10, 12))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
