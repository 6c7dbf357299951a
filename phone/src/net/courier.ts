/**
 * The courier: brings what waits in the outbox to the server, whoever made it, until there is a receipt for each.
 * One at a time over all tabs; between tries a random while that grows.
 */

import type { Db, OutboxRow } from "../store/db";
import { enterReceipts, leaveCarried, travelling, waitingRows } from "../store/outbox";
import type { Receipt, Travelling } from "../wire";
import type { Reply } from "./server";

export const MOST_IN_BATCH = 100;
/** The program takes requests of 2 MiB; a photo alone may have a third of that. */
const MOST_LETTERS = 1_500_000;
const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;
/** While something about danger to life waits. There are few of these, so nobody has to make way for others. */
export const URGENT_MS = 5_000;

export interface Carrier {
  sync(commands: Travelling[]): Promise<{ receipts: Receipt[] | null; reply: Reply }>;
}

export interface Surroundings {
  now(): number;
  /** From 0 to 1. */
  chance(): number;
  /** Runs `work` unless another tab is at it; says whether it ran. */
  alone(work: () => Promise<void>): Promise<boolean>;
  /** These have no receipt, as the server does not know their device. Answers the ids that were sealed anew. */
  strangers(rows: OutboxRow[]): Promise<Set<string>>;
  /** After anything that changes what is in sight. */
  changed(): void;
}

/** A random time between nothing and the lesser of five minutes and 2 s x 2^tries. */
export function pauseAfter(tries: number, chance: number): number {
  return Math.round(chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 20)));
}

export class Courier {
  sending = false;
  /** When the server last gave a receipt; null when it has not since this page began. */
  spokeAt: number | null = null;
  /** Not before this; 0 when it may go at once. */
  nextAt = 0;
  private tries = 0;
  private again = false;
  private urgent = false;
  private size = MOST_IN_BATCH;
  /** The server's own wish, which a signal that comes back does not shorten. */
  private leaveAloneUntil = 0;
  /** What the server would not take although it came alone: left out, so that it does not hold up the others. */
  private left = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly db: Db,
    private readonly server: Carrier,
    private readonly around: Surroundings,
  ) {}

  /** Sends now if it may. `hope`: there is a reason to think that it will go through, so no waiting out. */
  async go(hope = false): Promise<void> {
    if (hope) {
      this.nextAt = this.leaveAloneUntil;
      this.tries = 0;
    }
    const wait = this.nextAt - this.around.now();
    if (wait > 0) return this.comeBack(wait);
    // Whoever is under way looks into the outbox once more before it ends.
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    this.around.changed();
    let ran = true;
    do {
      this.again = false;
      ran = await this.around.alone(() => this.sendAll()).catch(() => true);
    } while (ran && this.again && this.nextAt <= this.around.now());
    this.sending = false;
    this.around.changed();
    if (!ran) this.comeBack(FIRST_MS);
  }

  /** Something about danger to life was saved: at once, and from now on without waiting out. */
  rush(): Promise<void> {
    this.urgent = true;
    return this.go(true);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private comeBack(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.go(), wait);
  }

  private async sendAll(): Promise<void> {
    this.left.clear();
    for (;;) {
      const rows = (await waitingRows(this.db)).filter(row => !this.left.has(row.id));
      this.urgent = rows[0]?.urgent === true;
      const batch = this.pick(rows);
      if (batch.length === 0) break;
      if (!(await this.send(batch))) return;
    }
    // What was left out is tried again, later.
    if (this.left.size > 0) this.later(0);
  }

  private pick(rows: OutboxRow[]): OutboxRow[] {
    const batch: OutboxRow[] = [];
    let letters = 0;
    for (const row of rows) {
      // Danger to life goes alone: a few words get through where a hundred would not.
      if (this.urgent && !row.urgent) break;
      letters += row.sealed.length;
      if (batch.length > 0 && letters > MOST_LETTERS) break;
      batch.push(row);
      if (batch.length >= this.size) break;
    }
    return batch;
  }

  /** One batch. False: not now; the next try has its time. */
  private async send(batch: OutboxRow[]): Promise<boolean> {
    const { receipts, reply } = await this.server.sync(batch.map(travelling));
    if (receipts === null) return this.refused(batch, reply);
    const at = this.around.now();
    const sent = new Set(batch.map(row => row.id));
    const ours = receipts.filter(receipt => sent.has(receipt?.id));
    const unknown = await enterReceipts(this.db, ours, at);
    this.spokeAt = at;
    this.around.changed();
    if (unknown.length > 0) await this.meetStrangers(unknown, at);
    if (ours.length === 0) {
      this.later(0);
      return false;
    }
    this.tries = 0;
    this.nextAt = this.leaveAloneUntil = 0;
    this.size = MOST_IN_BATCH;
    return true;
  }

  private async meetStrangers(rows: OutboxRow[], at: number): Promise<void> {
    await leaveCarried(
      this.db,
      rows.filter(row => row.user === ""),
      at,
    );
    const own = rows.filter(row => row.user !== "");
    if (own.length === 0) return;
    const anew = await this.around.strangers(own).catch(() => new Set<string>());
    // Locked, or signed in as somebody else: they wait for their owner, and hold up nobody.
    for (const { id } of own) if (!anew.has(id)) this.left.add(id);
  }

  /** No receipts. A batch that the server finds wrong is halved, so that one bad command cannot stop the others. */
  private refused(batch: OutboxRow[], reply: Reply): boolean {
    if ((reply.status === 400 || reply.status === 413 || reply.status === 422) && reply.pause === 0) {
      if (batch.length > 1) this.size = Math.max(1, Math.floor(batch.length / 2));
      else {
        for (const row of batch) this.left.add(row.id);
        this.size = MOST_IN_BATCH;
      }
      return true;
    }
    this.later(reply.pause);
    return false;
  }

  private later(pause: number): void {
    const now = this.around.now();
    this.leaveAloneUntil = pause > 0 ? now + pause : 0;
    // An appointment is no failure: whoever was given a time comes then, give or take, and is not made to wait longer
    // the next time, while the server stands idle.
    const usual = pauseAfter(pause > 0 ? 0 : this.tries, this.around.chance());
    const wait = this.urgent ? Math.max(pause, URGENT_MS) : pause + usual;
    if (pause === 0) this.tries += 1;
    this.nextAt = now + wait;
    this.comeBack(wait);
  }
}

/** One tab at a time, where the browser can say; where it cannot, the server's receipts make a second one harmless. */
export async function aloneOverTabs(work: () => Promise<void>): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  if (!locks) {
    await work();
    return true;
  }
  return locks.request("shouwang-courier", { ifAvailable: true }, async lock => {
    if (lock) await work();
    return lock !== null;
  });
}
