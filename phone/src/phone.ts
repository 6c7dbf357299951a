/** The app's one state: who is unlocked, what is here, what has arrived. Screens read it and call its methods. */

import { aloneOverTabs, Courier } from "./net/courier";
import type { Server } from "./net/server";
import { enrolAnew } from "./store/anew";
import { dropOld, keepSnapshot, readSnapshot, renewSnapshot, type Snapshot } from "./store/cache";
import type { Db, OutboxRow, UserRow } from "./store/db";
import {
  addCommand,
  carry,
  chainOf,
  commandsIn,
  fileOf,
  type Making,
  type Own,
  ownCommands,
  tidy,
  waitingRows,
} from "./store/outbox";
import {
  changeUser,
  type Enrol,
  enrolUser,
  type NewDevice,
  newDevice,
  type Tried,
  type Unlocked,
  unlock,
} from "./store/users";
import type { Kind, Me, Pulled } from "./wire";
import type { Key, Words } from "./words";

export interface Notice {
  key: Key;
  values?: Record<string, string | number>;
  tone: "calm" | "need";
  undo?: () => void;
}

const LOCK_AFTER_MS = 10 * 60_000;
const AFTER_ONLINE_MS = 2_000;
const PULL_EVERY_MS = 60_000;
const ANEW_AT_MOST_EVERY_MS = 5 * 60_000;

export class Phone {
  users: UserRow[] = [];
  who: Unlocked | null = null;
  snapshot: Snapshot | null = null;
  own: Own[] = [];
  /** Everything on this phone that has no receipt, of whomever; and how much of it is a colleague's. */
  waiting = 0;
  carried = 0;
  me: Me | null = null;
  /** The server wants the user to sign in again before it says what is new. */
  needsSignIn = false;
  notice: Notice | null = null;
  /** Something could not be saved: stays in sight until somebody has seen it. */
  unsaved = false;
  /** Whom something was saved about that is danger to life: stays in sight until somebody says that they have rung. */
  danger: string | null = null;
  /** The tube that is open at this phone, by round; null when one must be scanned first. */
  readonly tubes = new Map<string, string | null>();
  /** When the server last answered, by this phone's clock. */
  heardAt: number | null = null;
  readonly courier: Courier;
  private fresh: NewDevice | null = null;
  private anewAt = 0;
  private pulling = false;
  /** Something about danger to life has no receipt yet. */
  private urgent = false;
  private hiddenAt: number | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("shouwang") : null;

  constructor(
    readonly db: Db,
    readonly server: Server,
    readonly words: Words,
  ) {
    this.courier = new Courier(db, server, {
      now: () => Date.now(),
      chance: () => Math.random(),
      alone: aloneOverTabs,
      strangers: rows => this.sealForNewDevice(rows),
      changed: () => void this.look().then(() => this.tabs?.postMessage("outbox")),
    });
    if (this.tabs) this.tabs.onmessage = () => void this.look();
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  say(key: Key, values?: Record<string, string | number>): string {
    return this.words.say(key, values);
  }

  get user(): UserRow | null {
    return this.users.find(user => user.id === this.who?.id) ?? null;
  }

  /** The server's clock, as well as this phone can tell. */
  serverNow(): number {
    return Date.now() + (this.user?.offset ?? 0);
  }

  async start(): Promise<void> {
    await tidy(this.db, new Date());
    await dropOld(this.db, Date.now());
    await this.look();
    // A mast that comes back wakes all phones below it in the same second: each takes a moment of its own.
    addEventListener("online", () =>
      setTimeout(() => void this.refresh(true), this.urgent ? 0 : Math.random() * AFTER_ONLINE_MS),
    );
    addEventListener("offline", () => this.changed());
    addEventListener("focus", () => void this.refresh(true));
    document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
    setInterval(() => this.tick(), 5_000);
    void this.refresh(true);
  }

  /** Reads what lies in storage anew and tells the screens. */
  async look(): Promise<void> {
    const who = this.who;
    const [users, waiting, own] = await Promise.all([
      this.db.getAll("users"),
      waitingRows(this.db),
      who ? ownCommands(this.db, who.id, who.key, this.own) : [],
    ]);
    this.users = users;
    this.waiting = waiting.length;
    this.urgent = waiting.some(row => row.urgent);
    this.carried = waiting.filter(row => row.user === "").length;
    if (who === this.who) this.own = own;
    this.changed();
  }

  // ── coming in and going out ──────────────────────────────────────────────────────────────────────────

  async unlock(userId: string, pin: string): Promise<Tried> {
    const tried = await unlock(this.db, userId, pin);
    if ("unlocked" in tried) await this.open(tried.unlocked);
    else await this.look();
    return tried;
  }

  /** Sets this phone up for whoever is signed in. Answers what went wrong, or null. */
  async setUp(pin: string, name: string): Promise<Key | null> {
    this.fresh ??= newDevice();
    try {
      const made = await enrolUser(this.db, pin, this.fresh, this.enrolling(name));
      this.fresh = null;
      localStorage.setItem("used", "yes");
      void navigator.storage?.persist?.();
      await this.open(made);
      return null;
    } catch (fault) {
      if (!(fault instanceof NotEnrolled)) return "not_saved_setup";
      if (fault.status === 409) this.fresh = null;
      return fault.status === 0 || fault.status >= 500 ? "setup_no_signal" : "setup_refused";
    }
  }

  private enrolling(name: string): Enrol {
    return async (device, key) => {
      const answer = await this.server.enrol(device, key, name);
      if (typeof answer === "number") throw new NotEnrolled(answer);
      return answer;
    };
  }

  private async open(who: Unlocked): Promise<void> {
    this.who = who;
    this.snapshot = await readSnapshot(this.db, who, Date.now());
    await this.look();
    void this.refresh(true);
  }

  lock(): void {
    this.who = null;
    this.snapshot = null;
    this.own = [];
    this.notice = null;
    this.danger = null;
    this.needsSignIn = false;
    this.tubes.clear();
    this.changed();
  }

  private seen(visible: boolean): void {
    const away = this.hiddenAt === null ? 0 : Date.now() - this.hiddenAt;
    this.hiddenAt = visible ? null : Date.now();
    if (visible && away >= LOCK_AFTER_MS) this.lock();
    if (visible) void this.refresh(true);
  }

  private tick(): void {
    if (this.hiddenAt !== null && Date.now() - this.hiddenAt >= LOCK_AFTER_MS && this.who) this.lock();
    if (this.snapshot && this.snapshot.keptUntil <= Date.now()) {
      this.snapshot = null;
      void dropOld(this.db, Date.now()).then(() => this.changed());
    }
    if (document.hidden) return;
    if (this.waiting > 0) void this.courier.go();
    if (Date.now() - (this.askedAt ?? 0) >= PULL_EVERY_MS) void this.pull();
  }

  // ── saving ───────────────────────────────────────────────────────────────────────────────────────────

  /** Saves a command; only then says so. Returns its id, or null when it was NOT saved (and that is in sight). */
  async record<K extends Kind>(making: Making<K>): Promise<string | null> {
    const who = this.who;
    if (!who) return null;
    try {
      const after = making.urgent ? chainOf(this.own, making.base) : [];
      const own = await addCommand(this.db, who.id, who.key, { ...making, after });
      // What is in memory is brought up at once; storage is read again when the courier has been.
      this.own = [...this.own, own];
      this.waiting += 1;
      this.changed();
      this.tabs?.postMessage("outbox");
      this.urgent ||= making.urgent === true;
      void (making.urgent ? this.courier.rush() : this.courier.go());
      return own.row.id;
    } catch {
      this.unsaved = true;
      this.notice = null;
      this.changed();
      return null;
    }
  }

  tell(notice: Notice | null): void {
    this.notice = notice;
    this.changed();
  }

  alarm(about: string): void {
    this.danger = about;
    this.changed();
  }

  hasRung(): void {
    this.danger = null;
    this.changed();
  }

  seenUnsaved(): void {
    this.unsaved = false;
    this.changed();
  }

  async fileOfWaiting(): Promise<string> {
    return fileOf(await waitingRows(this.db));
  }

  /** Takes a colleague's file along. Answers how many commands were new, or null when it is no such file. */
  async bringIn(text: string): Promise<number | null> {
    const commands = commandsIn(text);
    if (commands === null) return null;
    const count = await carry(this.db, commands, new Date().toISOString());
    await this.look();
    void this.courier.go(true);
    return count;
  }

  // ── the server ───────────────────────────────────────────────────────────────────────────────────────

  private askedAt: number | null = null;

  /** Sends what waits and asks what is new. `hope`: a signal came back, or somebody asks for it. */
  async refresh(hope = false): Promise<void> {
    await Promise.all([this.courier.go(hope), this.pull()]);
  }

  private async pull(): Promise<void> {
    if (this.pulling) return;
    this.pulling = true;
    this.askedAt = Date.now();
    try {
      const me = await this.server.me();
      if (me) {
        this.me = me;
        this.heardAt = Date.now();
        if (this.who) await this.pullFor(this.who, me);
      }
    } catch {
      // What was fetched could not be stored: what is here already stays in use.
    } finally {
      this.pulling = false;
      this.changed();
    }
  }

  private async pullFor(who: Unlocked, me: Me): Promise<void> {
    this.needsSignIn = me.user?.id !== who.id;
    if (this.needsSignIn) return;
    const before = this.snapshot;
    const askedAt = Date.now();
    const answer = await this.server.pull(this.user?.device ?? "", before);
    // Somebody else may have come in at this phone meanwhile: theirs is not this user's to keep.
    const after = await this.server.me();
    if (this.who !== who || after?.user?.id !== who.id) return;
    if (typeof answer === "number") this.needsSignIn = answer === 401 || answer === 403;
    else {
      if (!("unchanged" in answer)) this.snapshot = await this.keep(who, answer, askedAt);
      else if (before) this.snapshot = await renewSnapshot(this.db, who, before, askedAt);
      if (answer.known === false) await this.takeNewDevice(who);
    }
    await this.look();
  }

  private async keep(who: Unlocked, pulled: Pulled, askedAt: number): Promise<Snapshot> {
    const offset = Date.parse(pulled.now) - Date.now();
    const told = pulled.code_key === undefined ? {} : { codeKey: pulled.code_key };
    await changeUser(this.db, who.id, row => ({ ...row, ...told, offset }));
    return keepSnapshot(this.db, who, pulled, askedAt);
  }

  /** The server does not know this device (any more): what waits is sealed for a new one. */
  private async sealForNewDevice(rows: OutboxRow[]): Promise<Set<string>> {
    const who = this.who;
    const mine = rows.filter(row => row.user === who?.id);
    if (!who || mine.length === 0) return new Set();
    return (await this.takeNewDevice(who)) ? new Set(mine.map(row => row.id)) : new Set();
  }

  private async takeNewDevice(who: Unlocked): Promise<boolean> {
    if (Date.now() - this.anewAt < ANEW_AT_MOST_EVERY_MS) return false;
    const me = await this.server.me();
    this.needsSignIn = me?.user?.id !== who.id;
    if (this.needsSignIn) return false;
    this.anewAt = Date.now();
    const anew = await enrolAnew(this.db, who, newDevice(), this.enrolling(""));
    if (anew && this.who === who) this.who = anew;
    await this.look();
    return anew !== null;
  }

  changed(): void {
    for (const listener of this.listeners) listener();
  }
}

class NotEnrolled extends Error {
  constructor(readonly status: number) {
    super(`not enrolled: ${status}`);
  }
}
