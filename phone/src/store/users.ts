/** Who uses this phone: a key each, behind a PIN each. */

import { type Bytes, randomBytes, toBase64, uuid7 } from "../bytes";
import { keyBound, keyFrom, openBytes, openerOf, PIN_ROUNDS, sealBytes } from "../keys";
import type { Enrolled } from "../wire";
import { type Db, inOne, type UserRow } from "./db";

export const MOST_WRONG = 10;

/** Somebody whose PIN was right: their keys, in memory only. */
export interface Unlocked {
  id: string;
  key: CryptoKey;
  /** What the PIN opened; needed to wrap another key without asking for the PIN again. */
  opener: CryptoKey;
}

export type Tried = { unlocked: Unlocked } | { left: number };
export type Enrol = (device: string, key: string) => Promise<Enrolled>;

/** A device that is about to be enrolled. Kept by the caller while it tries, so that trying twice makes one device. */
export interface NewDevice {
  device: string;
  raw: Bytes;
}

export const newDevice = (): NewDevice => ({ device: uuid7(), raw: randomBytes(32) });

/** Enrols a device with the server and stores its key behind the PIN. */
export async function enrolUser(
  db: Db,
  pin: string,
  fresh: NewDevice,
  enrol: Enrol,
  rounds = PIN_ROUNDS,
): Promise<Unlocked> {
  const salt = randomBytes(16);
  const opener = await openerOf(pin, salt, rounds);
  const { user, code_key, now } = await enrol(fresh.device, toBase64(fresh.raw));
  const { id, name } = user;
  const wrapped = await sealBytes(opener, fresh.raw, keyBound(id, fresh.device));
  const offset = Date.parse(now) - Date.now();
  await inOne(db, ["users"], async tx => {
    const users = tx.objectStore("users");
    const made = (await users.get(id))?.made ?? 0;
    const row = { id, name, device: fresh.device, wrapped, salt, rounds, wrong: 0, seq: 0, made };
    await users.put({ ...row, codeKey: code_key, offset });
  });
  return { id, key: await keyFrom(fresh.raw), opener };
}

/**
 * Tries a PIN. The try is counted before it is made, so that killing the app does not give another. After the tenth
 * wrong one what was cached and the key are gone: this user signs in anew. The outbox stays; it still arrives.
 */
export async function unlock(db: Db, userId: string, pin: string): Promise<Tried> {
  const user = await countTry(db, userId);
  if (!user?.wrapped) return { left: 0 };
  const opener = await openerOf(pin, user.salt, user.rounds);
  const raw = await openBytes(opener, user.wrapped, keyBound(user.id, user.device)).catch(() => null);
  if (raw === null) {
    if (user.wrong >= MOST_WRONG) await forgetKey(db, userId);
    return { left: Math.max(0, MOST_WRONG - user.wrong) };
  }
  await changeUser(db, userId, row => ({ ...row, wrong: 0 }));
  return { unlocked: { id: userId, key: await keyFrom(raw), opener } };
}

async function countTry(db: Db, userId: string): Promise<UserRow | undefined> {
  return changeUser(db, userId, row => (row.wrapped ? { ...row, wrong: row.wrong + 1 } : row));
}

function forgetKey(db: Db, userId: string): Promise<void> {
  return inOne(db, ["users", "cache"], async tx => {
    const row = await tx.objectStore("users").get(userId);
    if (row) await tx.objectStore("users").put({ ...row, wrapped: null });
    await tx.objectStore("cache").delete(userId);
  });
}

export function changeUser(
  db: Db,
  userId: string,
  change: (row: UserRow) => UserRow,
): Promise<UserRow | undefined> {
  return inOne(db, ["users"], async tx => {
    const row = await tx.objectStore("users").get(userId);
    const changed = row && change(row);
    if (changed) await tx.objectStore("users").put(changed);
    return changed;
  });
}
