/** What is in one's hands: what the server last said, and over it what was said of it at this phone since. */

import { stillCounts } from "../rounds/roster";
import type { Snapshot } from "../store/cache";
import type { Own } from "../store/outbox";
import type { Held, Uuid } from "../wire";

export type HandKind = "goods.confirm_holding" | "goods.give_back";

export interface Hand {
  held: Held;
  /** What may still be done with it here; nothing once it was said. */
  act: HandKind | null;
  said: HandKind | null;
  /** Said here, and not arrived yet. */
  unsent: boolean;
  late: boolean;
}

const about = (own: Own): Uuid | null => ("holding" in own.command.body ? own.command.body.holding : null);

/** What waits for one's word first, then what was to be back longest ago, then what one has had longest. */
export function handsOf(snapshot: Snapshot | null, own: Own[], now: number): Hand[] {
  return (snapshot?.hands ?? [])
    .map(held =>
      handOf(
        held,
        own.filter(one => about(one) === held.id && stillCounts(one, snapshot)),
        now,
      ),
    )
    .sort((a, b) => rank(a) - rank(b) || a.held.since.localeCompare(b.held.since));
}

function handOf(held: Held, said: Own[], now: number): Hand {
  const last = said.at(-1);
  const kind = last ? (last.command.kind as HandKind) : null;
  return {
    held,
    act: kind ? null : ((held.acts[0] as HandKind | undefined) ?? null),
    said: kind,
    unsent: said.some(one => one.row.state === "waiting"),
    late: held.due_at !== null && Date.parse(held.due_at) < now,
  };
}

const rank = (hand: Hand): number => (hand.act === "goods.confirm_holding" ? 0 : hand.late ? 1 : 2);
