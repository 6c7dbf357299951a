/** Sealing: AES-256-GCM under the phone's key, and that key under what the PIN opens. */

import { type Bytes, decoded, encoded, fromBase64, randomBytes, toBase64 } from "./bytes";

/** OWASP's figure for PBKDF2 with SHA-256; about a quarter of a second on a phone. */
export const PIN_ROUNDS = 600_000;
const NONCE = 12;

/** The key that a PIN gives. It never leaves this page. */
export async function openerOf(pin: string, salt: Bytes, rounds: number): Promise<CryptoKey> {
  const word = await crypto.subtle.importKey("raw", encoded(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, word, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** The phone's key as the browser holds it: it can seal and open, and cannot be read out again. */
export function keyFrom(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Nonce and ciphertext with its tag; `bound` is what it belongs to and is not in it. */
export async function sealBytes(key: CryptoKey, plain: Bytes, bound: string): Promise<Bytes> {
  const iv = randomBytes(NONCE);
  const how = { name: "AES-GCM", iv, additionalData: encoded(bound) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, plain));
  const whole = new Uint8Array(NONCE + sealed.length);
  whole.set(iv);
  whole.set(sealed, NONCE);
  return whole;
}

/** Throws when the key is another, when a byte was changed, or when it is bound to something else. */
export async function openBytes(key: CryptoKey, sealed: Bytes, bound: string): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: encoded(bound) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(NONCE)));
}

export async function sealText(key: CryptoKey, text: string, bound: string): Promise<string> {
  return toBase64(await sealBytes(key, encoded(text), bound));
}

export async function openText(key: CryptoKey, sealed: string, bound: string): Promise<string> {
  return decoded(await openBytes(key, fromBase64(sealed), bound));
}

/** What a command is bound to, as docs/offline.md has it. */
export const commandBound = (id: string, device: string, seq: number): string =>
  `shouwang command 1|${id}|${device}|${seq}`;
export const cacheBound = (user: string, device: string): string => `shouwang cache 1|${user}|${device}`;
export const keyBound = (user: string, device: string): string => `shouwang key 1|${user}|${device}`;

const TOO_SIMPLE = "01234567890123456789 98765432109876543210";

/** What is wrong with a PIN that somebody wants to set: too short, not digits, or the first that anybody tries. */
export function faultOfPin(pin: string): "pin_short" | "pin_simple" | null {
  if (!/^\d{6,20}$/.test(pin)) return "pin_short";
  return /^(\d)\1*$/.test(pin) || TOO_SIMPLE.includes(pin) ? "pin_simple" : null;
}
