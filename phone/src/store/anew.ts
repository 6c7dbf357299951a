/** The server does not know a device any more: a new one, and everything of its user sealed for it. */

import { toBase64 } from "../bytes";
import { cacheBound, commandBound, keyBound, keyFrom, openText, sealBytes, sealText } from "../keys";
import { type CacheRow, type Db, inOne, type OutboxRow, type UserRow } from "./db";
import type { Enrol, NewDevice, Unlocked } from "./users";

interface Resealed {
  user: UserRow;
  rows: OutboxRow[];
  cache: CacheRow | null;
}

/**
 * Enrols `fresh` and seals the user's commands anew: those that wait for the new device, under their ids and with its
 * seqs; those that are settled only under the new key. The old key goes in the same transaction in which the last
 * thing that needed it goes, so that a crash leaves either all of the old or all of the new. Null when the server
 * takes this phone for somebody else's.
 */
export async function enrolAnew(
  db: Db,
  who: Unlocked,
  fresh: NewDevice,
  enrol: Enrol,
): Promise<Unlocked | null> {
  const answer = await enrol(fresh.device, toBase64(fresh.raw));
  if (answer.user.id !== who.id) return null;
  const key = await keyFrom(fresh.raw);
  for (;;) {
    const seen = await db.get("users", who.id);
    if (!seen) return null;
    const wrapped = await sealBytes(who.opener, fresh.raw, keyBound(who.id, fresh.device));
    const anew = await resealed(db, who, key, {
      ...seen,
      device: fresh.device,
      wrapped,
      codeKey: answer.code_key,
    });
    if (await store(db, seen, anew)) return { ...who, key };
  }
}

async function resealed(db: Db, who: Unlocked, key: CryptoKey, user: UserRow): Promise<Resealed> {
  const rows: OutboxRow[] = [];
  let seq = 0;
  const before = await db.getAllFromIndex("outbox", "user", who.id);
  for (const row of before.sort((a, b) => a.made - b.made)) {
    const text = await openText(who.key, row.sealed, commandBound(row.id, row.device, row.seq)).catch(
      () => null,
    );
    // Sealed by a key that was lost before: it stays as it is.
    if (text === null) continue;
    if (row.state === "waiting") seq += 1;
    const place =
      row.state === "waiting" ? { device: user.device, seq } : { device: row.device, seq: row.seq };
    rows.push({
      ...row,
      ...place,
      sealed: await sealText(key, text, commandBound(row.id, place.device, place.seq)),
    });
  }
  return { user: { ...user, seq }, rows, cache: await cacheFor(db, who, key, user.device) };
}

async function cacheFor(db: Db, who: Unlocked, key: CryptoKey, device: string): Promise<CacheRow | null> {
  const row = await db.get("cache", who.id);
  const text = row && (await openText(who.key, row.sealed, cacheBound(who.id, row.device)).catch(() => null));
  return row && text
    ? { ...row, device, sealed: await sealText(key, text, cacheBound(who.id, device)) }
    : null;
}

/** False when something was made or answered for meanwhile: then all of it again. */
function store(db: Db, seen: UserRow, anew: Resealed): Promise<boolean> {
  return inOne(db, ["users", "outbox", "cache"], async tx => {
    const [users, outbox, cache] = [
      tx.objectStore("users"),
      tx.objectStore("outbox"),
      tx.objectStore("cache"),
    ];
    const now = await users.get(seen.id);
    if (now?.device !== seen.device || now.made !== seen.made) return false;
    for (const row of anew.rows)
      if (row.state === "waiting" && (await outbox.get(row.id))?.state !== "waiting") return false;
    await users.put(anew.user);
    for (const row of anew.rows) await outbox.put(row);
    await (anew.cache ? cache.put(anew.cache) : cache.delete(seen.id));
    return true;
  });
}
