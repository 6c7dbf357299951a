/** What lies on the phone: IndexedDB, and in it nothing that could be read without a PIN but the users' own names. */

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Bytes } from "../bytes";

export interface UserRow {
  id: string;
  /** The only name in storage: to choose whom to unlock. */
  name: string;
  device: string;
  /** The phone's key under the PIN's; null when too many wrong PINs destroyed it. */
  wrapped: Bytes | null;
  salt: Bytes;
  /** How often the PIN is stirred into its key: kept, so that more can be asked of later ones. */
  rounds: number;
  wrong: number;
  /** The last seq that this device gave out. */
  seq: number;
  /** Counts this user's commands over all devices of theirs: the order in which they were made. */
  made: number;
  codeKey: string | null;
  /** The server's clock less this phone's, in milliseconds, when they last spoke. */
  offset: number;
}

export type ItemState = "waiting" | "arrived" | "aside";

export interface OutboxRow {
  id: string;
  /** Whose it is; "" for a colleague's that is only carried. */
  user: string;
  device: string;
  seq: number;
  made: number;
  sealed: string;
  made_at: string;
  state: ItemState;
  reason: string;
  sentence: string;
  settled_at: number | null;
  /** About danger to life, or what such a command builds on: goes before everything else. */
  urgent?: boolean;
}

export interface CacheRow {
  user: string;
  device: string;
  sealed: string;
  keptUntil: number;
}

export interface Shouwang extends DBSchema {
  users: { key: string; value: UserRow };
  outbox: { key: string; value: OutboxRow; indexes: { state: ItemState; user: string } };
  cache: { key: string; value: CacheRow };
}

export type Db = IDBPDatabase<Shouwang>;

export function openStore(name = "shouwang"): Promise<Db> {
  return openDB<Shouwang>(name, 1, {
    upgrade(db) {
      db.createObjectStore("users", { keyPath: "id" });
      const outbox = db.createObjectStore("outbox", { keyPath: "id" });
      outbox.createIndex("state", "state");
      outbox.createIndex("user", "user");
      db.createObjectStore("cache", { keyPath: "user" });
    },
    // Another tab with a newer app wants to change the store: this one must not hold it up.
    blocking: (_now, _wanted, event) => (event.target as IDBDatabase).close(),
  });
}

/**
 * One transaction, all of it or nothing. Strict: it is complete only when the bytes have left the machine's memory.
 * Whatever `work` throws takes everything back; a request that was asked for before would else be kept.
 */
export async function inOne<Names extends StoreNames<Shouwang>[], Result>(
  db: Db,
  stores: Names,
  work: (tx: IDBPTransaction<Shouwang, Names, "readwrite">) => Promise<Result>,
): Promise<Result> {
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  tx.done.catch(() => {});
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (fault) {
    try {
      tx.abort();
    } catch {
      // It has taken itself back already.
    }
    throw fault;
  }
}
