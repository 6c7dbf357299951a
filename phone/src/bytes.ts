/** Bytes as text and back, and ids. */

export type Bytes = Uint8Array<ArrayBuffer>;

export const encoded = (text: string): Bytes => new TextEncoder().encode(text);
export const decoded = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

export function randomBytes(count: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(count));
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a photo has more bytes than a call may have arguments.
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 without padding; null for letters that do not belong or bits left over that are not zero. */
export function fromBase32(text: string): Bytes | null {
  const found: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    const value = BASE32.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      found.push((held >> bits) & 0xff);
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? Uint8Array.from(found) : null;
}

let before = 0;
let turn = 0;

/** A UUIDv7. Ids made within one millisecond by one page still rise. */
export function uuid7(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  if (now > before) {
    before = now;
    turn = 0;
  } else turn += 1;
  const at = before + (turn >> 12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(at / 2 ** 32));
  view.setUint32(2, at % 2 ** 32);
  view.setUint16(6, 0x7000 | (turn & 0xfff));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = toHex(bytes);
  return [0, 8, 12, 16, 20].map((from, i, all) => hex.slice(from, all[i + 1] ?? 32)).join("-");
}
