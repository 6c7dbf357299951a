/** What the server last said, sealed, for as many hours as it allows. */

import { cacheBound, openText, sealText } from "../keys";
import type { Pulled } from "../wire";
import { type Db, inOne } from "./db";
import type { Unlocked } from "./users";

export interface Snapshot extends Pulled {
  /** This phone's clock when it was asked for: receipts after that are not in it. */
  askedAt: number;
  keptUntil: number;
}

export const LONGEST_HOURS = 72;

export async function keepSnapshot(
  db: Db,
  who: Unlocked,
  pulled: Pulled,
  askedAt: number,
): Promise<Snapshot> {
  const hours = Math.min(pulled.keep_hours, LONGEST_HOURS);
  return sealSnapshot(db, who, { ...pulled, askedAt, keptUntil: askedAt + hours * 3600_000 });
}

async function sealSnapshot(db: Db, who: Unlocked, snapshot: Snapshot): Promise<Snapshot> {
  const user = await db.get("users", who.id);
  if (!user) throw new Error("this user is not on this phone any more");
  const sealed = await sealText(who.key, JSON.stringify(snapshot), cacheBound(who.id, user.device));
  const row = { user: who.id, device: user.device, sealed, keptUntil: snapshot.keptUntil };
  await inOne(db, ["cache"], async tx => void (await tx.objectStore("cache").put(row)));
  return snapshot;
}

/** The server said that nothing has changed: what is here may stay for as long again. */
export async function renewSnapshot(
  db: Db,
  who: Unlocked,
  snapshot: Snapshot,
  askedAt: number,
): Promise<Snapshot> {
  const hours = Math.min(snapshot.keep_hours, LONGEST_HOURS);
  return sealSnapshot(db, who, { ...snapshot, keptUntil: askedAt + hours * 3600_000 });
}

export async function readSnapshot(db: Db, who: Unlocked, now: number): Promise<Snapshot | null> {
  await dropOld(db, now);
  const row = await db.get("cache", who.id);
  if (!row) return null;
  try {
    return JSON.parse(await openText(who.key, row.sealed, cacheBound(who.id, row.device))) as Snapshot;
  } catch {
    await db.delete("cache", who.id);
    return null;
  }
}

/** Whoever's time is over goes, whoever is unlocked. */
export async function dropOld(db: Db, now: number): Promise<void> {
  for (const row of await db.getAll("cache")) if (row.keptUntil <= now) await db.delete("cache", row.user);
}
