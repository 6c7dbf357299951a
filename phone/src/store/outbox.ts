/** The outbox: what was done, sealed, until the server has answered for it. Only a receipt takes something out. */

import { uuid7 } from "../bytes";
import { commandBound, openText, sealText } from "../keys";
import type { Bodies, Command, Kind, Receipt, Travelling, Uuid } from "../wire";
import { type Db, inOne, type OutboxRow, type UserRow } from "./db";

/** A command of one's own, opened, beside its row. */
export interface Own {
  row: OutboxRow;
  command: Command;
}

export interface Making<K extends Kind = Kind> {
  kind: K;
  body: Bodies[K];
  base: Uuid | null;
  /** About danger to life. */
  urgent?: boolean;
  /** Ids of what it builds on: that goes with it. */
  after?: Uuid[];
}

const KEPT_ASIDE_MS = 7 * 24 * 3600_000;

/**
 * Seals a command and stores it together with the seq that it took, in one transaction. Resolves only when that
 * transaction is complete: before that nothing may be called saved. Throws when it could not be stored.
 *
 * The seal covers the seq and cannot be made inside a transaction, so the seq is read, the command sealed, and the
 * transaction begins by looking whether the seq is still free; if another tab took it, all of it again.
 */
export async function addCommand<K extends Kind>(
  db: Db,
  userId: Uuid,
  key: CryptoKey,
  making: Making<K>,
): Promise<Own> {
  const command = {
    actor: userId,
    kind: making.kind,
    schema: 1,
    base: making.base,
    made_at: new Date().toISOString(),
    body: making.body,
  } as Command;
  const text = JSON.stringify(command);
  const id = uuid7();
  for (;;) {
    const user = await userOf(db, userId);
    const seq = user.seq + 1;
    const sealed = await sealText(key, text, commandBound(id, user.device, seq));
    const row: OutboxRow = {
      id,
      user: userId,
      device: user.device,
      seq,
      made: user.made + 1,
      sealed,
      made_at: command.made_at,
      state: "waiting",
      reason: "",
      sentence: "",
      settled_at: null,
      ...(making.urgent ? { urgent: true } : {}),
    };
    if (await storeRow(db, user, row, making.after ?? [])) return { row, command };
  }
}

function storeRow(db: Db, seen: UserRow, row: OutboxRow, before: Uuid[]): Promise<boolean> {
  return inOne(db, ["users", "outbox"], async tx => {
    const users = tx.objectStore("users");
    const now = await users.get(seen.id);
    if (now?.device !== seen.device || now.seq !== seen.seq) return false;
    await users.put({ ...now, seq: row.seq, made: row.made });
    const outbox = tx.objectStore("outbox");
    await outbox.add(row);
    for (const id of before) {
      const other = await outbox.get(id);
      if (other?.state === "waiting") await outbox.put({ ...other, urgent: true });
    }
    return true;
  });
}

async function userOf(db: Db, id: Uuid): Promise<UserRow> {
  const user = await db.get("users", id);
  if (!user) throw new Error("this user is not on this phone any more");
  return user;
}

/** Everything of this user that still opens, in the order it was made. What an older lost key sealed stays closed.
 * `before`: what was opened already and need not be again. */
export async function ownCommands(db: Db, userId: Uuid, key: CryptoKey, before: Own[] = []): Promise<Own[]> {
  const rows = await db.getAllFromIndex("outbox", "user", userId);
  const known = new Map(before.map(own => [own.row.sealed, own.command]));
  const opened = await Promise.all(
    rows.map(row => {
      const command = known.get(row.sealed);
      return command ? { row, command } : openRow(row, key);
    }),
  );
  return opened.filter(own => own !== null).sort((a, b) => a.row.made - b.row.made);
}

async function openRow(row: OutboxRow, key: CryptoKey): Promise<Own | null> {
  try {
    const text = await openText(key, row.sealed, commandBound(row.id, row.device, row.seq));
    return { row, command: JSON.parse(text) as Command };
  } catch {
    return null;
  }
}

/** What waits to be sent, of everybody on this phone: danger to life first, then by device and seq. */
export async function waitingRows(db: Db): Promise<OutboxRow[]> {
  const rows = await db.getAllFromIndex("outbox", "state", "waiting");
  return rows.sort(
    (a, b) =>
      Number(b.urgent ?? false) - Number(a.urgent ?? false) ||
      (a.device === b.device ? a.seq - b.seq : a.device < b.device ? -1 : 1),
  );
}

/** What a command on top of `base` builds on and has not arrived: the earlier words about the same thing. */
export function chainOf(own: Own[], base: Uuid | null): Uuid[] {
  const found: Uuid[] = [];
  for (let id = base; id !== null; ) {
    const one = own.find(({ row }) => row.id === id && row.state === "waiting");
    if (!one) break;
    found.push(one.row.id);
    id = one.command.base;
  }
  return found;
}

export function travelling({ id, device, seq, sealed }: OutboxRow): Travelling {
  return { id, device, seq, sealed };
}

/** Enters receipts. Returns the rows whose device the server does not know: they have no receipt. */
export function enterReceipts(db: Db, receipts: Receipt[], at: number): Promise<OutboxRow[]> {
  return inOne(db, ["outbox"], async tx => {
    const unknown: OutboxRow[] = [];
    const outbox = tx.objectStore("outbox");
    for (const { id, status, reason, sentence } of receipts) {
      const row = await outbox.get(id);
      if (row?.state !== "waiting") continue;
      if (status === "unknown-device") unknown.push(row);
      else if (status === "accepted" || status === "duplicate")
        await outbox.put({ ...row, state: "arrived", settled_at: at });
      else if (status === "quarantined")
        await outbox.put({ ...row, state: "aside", reason, sentence, settled_at: at });
    }
    return unknown;
  });
}

/** Takes colleagues' commands along; what is here already is left as it is. Returns how many are new. */
export function carry(db: Db, commands: Travelling[], at: string): Promise<number> {
  return inOne(db, ["outbox"], async tx => {
    let count = 0;
    const outbox = tx.objectStore("outbox");
    for (const { id, device, seq, sealed } of commands) {
      if (await outbox.get(id)) continue;
      const blank = { reason: "", sentence: "", settled_at: null, made: 0 };
      await outbox.add({ id, user: "", device, seq, sealed, made_at: at, state: "waiting", ...blank });
      count += 1;
    }
    return count;
  });
}

/** A colleague's command whose phone the server does not know: only that phone can help, and it still has it. */
export function leaveCarried(db: Db, rows: OutboxRow[], at: number): Promise<void> {
  return inOne(db, ["outbox"], async tx => {
    for (const row of rows)
      await tx
        .objectStore("outbox")
        .put({ ...row, state: "aside", reason: "unknown-device", settled_at: at });
  });
}

/** Forgets what has arrived before today, and what was set aside a week ago. Never what waits. */
export async function tidy(db: Db, now: Date): Promise<void> {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const tx = db.transaction("outbox", "readwrite");
  for (let at = await tx.store.openCursor(); at; at = await at.continue()) {
    const { state, settled_at } = at.value;
    if (state === "waiting" || settled_at === null) continue;
    if (settled_at < (state === "arrived" ? today : now.getTime() - KEPT_ASIDE_MS)) await at.delete();
  }
  await tx.done;
}

/** A file of waiting commands for a USB stick or a colleague's phone: as sealed as they lie here. */
export function fileOf(rows: OutboxRow[]): string {
  return JSON.stringify({ shouwang: 1, commands: rows.map(travelling) });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The commands of such a file; null when it is no such file. */
export function commandsIn(text: string): Travelling[] | null {
  try {
    const read = JSON.parse(text) as { shouwang?: unknown; commands?: unknown };
    if (read.shouwang !== 1 || !Array.isArray(read.commands)) return null;
    return read.commands.every(isTravelling) ? read.commands : null;
  } catch {
    return null;
  }
}

function isTravelling(one: unknown): one is Travelling {
  const { id, device, seq, sealed } = (one ?? {}) as Partial<Travelling>;
  const ids = typeof id === "string" && UUID.test(id) && typeof device === "string" && UUID.test(device);
  return ids && Number.isSafeInteger(seq) && Number(seq) > 0 && typeof sealed === "string";
}
