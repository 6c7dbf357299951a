/** In my hands: cards, keys, cash, kit; what I have taken, and what is back. */

import { type Hand, type HandKind, handsOf } from "../hands/holding";
import type { Key } from "../words";
import { Frame } from "./frame";
import { Button, Empty, useHouse } from "./kit";

export function Hands() {
  const { phone, say } = useHouse();
  const hands = handsOf(phone.snapshot, phone.own, Date.now());
  return (
    <Frame title={say("in_my_hands")}>
      {hands.map(hand => (
        <Card key={hand.held.id} hand={hand} />
      ))}
      {hands.length === 0 && <Empty icon="inbox" title={say("no_hands")} hint={say("no_hands_hint")} />}
    </Frame>
  );
}

const SAID: Record<HandKind, Key> = {
  "goods.confirm_holding": "said_have_it",
  "goods.give_back": "said_given_back",
};

function Card({ hand }: { hand: Hand }) {
  const { phone, say } = useHouse();
  const { held, act, said } = hand;
  const record = async (kind: HandKind) => {
    const holding = held.id;
    const saved =
      kind === "goods.give_back"
        ? await phone.record({ kind, body: { holding, to: "", photo: "" }, base: null })
        : await phone.record({ kind, body: { holding }, base: null });
    if (saved) phone.tell({ key: "saved", tone: "calm" });
  };
  return (
    <article class="job">
      <p class="row">
        {hand.late && !said && <span class="tag tag-need">{say("hand_late")}</span>}
        {held.to && <span class="tag">{say("hand_to", { name: held.to })}</span>}
        {said && (
          <span class={`tag ${hand.unsent ? "tag-note" : "tag-calm"}`}>
            {say(held.gave && said === "goods.confirm_holding" ? "said_gave_it" : SAID[said])}
            {hand.unsent && ` · ${say("not_arrived")}`}
          </span>
        )}
      </p>
      <h2>
        <span class="door">{held.whose}</span> {held.what}
      </h2>
      <p class="dim">
        {say("since", { time: phone.words.time(held.since) })}
        {held.due_at && ` · ${say("due", { time: phone.words.time(held.due_at) })}`}
      </p>
      {act === "goods.confirm_holding" && (
        <Button
          label={say(held.gave ? "i_gave_it" : "i_have_it")}
          icon="check"
          big
          press={() => record(act)}
        />
      )}
      {act === "goods.give_back" && (
        <Button label={say("given_back")} kind="quiet" big press={() => record(act)} />
      )}
    </article>
  );
}
