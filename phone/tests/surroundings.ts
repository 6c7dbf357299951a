/** What several tests need: a store, somebody on it, a courier. */

import { Courier, type Surroundings } from "../src/net/courier";
import { Server } from "../src/net/server";
import { type Db, openStore } from "../src/store/db";
import { addCommand, type Making, type Own } from "../src/store/outbox";
import { type Enrol, enrolUser, newDevice, type Unlocked } from "../src/store/users";
import type { TestServer } from "./server";

export const PIN = "482913";
let stores = 0;

export const freshStore = (): Promise<Db> => openStore(`test-${process.pid}-${++stores}`);

/** Whoever is signed in at the server, enrolled. Few rounds: what is tested here is not how long a PIN takes. */
export function somebody(db: Db, server: TestServer, pin = PIN, rounds = 1000): Promise<Unlocked> {
  return enrolUser(db, pin, newDevice(), enrolling(server), rounds);
}

export function enrolling(server: TestServer): Enrol {
  const asked = new Server(server.base);
  return async (device, key) => {
    const answer = await asked.enrol(device, key, "");
    if (typeof answer === "number") throw new Error(String(answer));
    return answer;
  };
}

export function mark(
  db: Db,
  who: Unlocked,
  entry: string,
  state = "done",
  more: Partial<Making<"rounds.mark">> = {},
): Promise<Own> {
  const body = { round: "r1", who: { entry }, state, note: "", tube: "", answers: {} };
  return addCommand(db, who.id, who.key, { kind: "rounds.mark", body, base: null, ...more });
}

export interface Run {
  courier: Courier;
  /** Lets time pass until nothing waits to be tried again, or so many tries. */
  drain(tries?: number): Promise<void>;
  clock: { now: number };
}

export function courierFor(db: Db, server: TestServer, more: Partial<Surroundings> = {}): Run {
  const clock = { now: 1_000_000 };
  const courier = new Courier(db, new Server(server.base), {
    now: () => clock.now,
    chance: () => 0.5,
    alone: async work => {
      await work();
      return true;
    },
    strangers: async () => new Set(),
    changed: () => {},
    ...more,
  });
  const drain = async (tries = 200) => {
    for (let at = 0; at < tries; at += 1) {
      clock.now = Math.max(clock.now, courier.nextAt);
      await courier.go();
      courier.stop();
      if ((await db.countFromIndex("outbox", "state", "waiting")) === 0) return;
    }
  };
  return { courier, drain, clock };
}
