/** A delivery run in the hand: the next stop with large buttons, the others below, and what is in the cart. */

import { useState } from "preact/hooks";
import type { Phone } from "../phone";
import { type Cart, cartOf, given, isOpen, loadOf, nextOf, type StopLine, withIt } from "../runs/cart";
import type { Bodies, DeliveryStop } from "../wire";
import type { Key } from "../words";
import { Frame } from "./frame";
import { Bar, Button, Empty, useHouse } from "./kit";
import { Gone } from "./work";

export function Run({ runId }: { runId: string }) {
  const { phone, say } = useHouse();
  const [chosen, choose] = useState<string | null>(null);
  const cart = cartOf(phone.snapshot, phone.own, runId);
  if (!cart) return <Gone />;
  const next = cart.lines.find(line => line.stop.id === chosen && isOpen(line)) ?? nextOf(cart);
  const left = cart.lines.filter(isOpen);
  return (
    <Frame
      title={`${say("delivery_run")} · ${say("stops_left", { n: left.length })}`}
      main={next === null && !cart.over && <Over cart={cart} />}
    >
      <Load cart={cart} />
      {next && <Next cart={cart} line={next} done={() => choose(null)} />}
      {next === null && (
        <Empty
          icon="check"
          title={say(cart.over ? "run_is_over" : "all_handed_over")}
          hint={say("bring_cart_back")}
        />
      )}
      <Others lines={left.filter(line => line !== next)} choose={choose} />
      {next !== null && !cart.over && <OverAnyway cart={cart} />}
      <Settled lines={cart.lines.filter(line => !isOpen(line))} over={cart.over} />
    </Frame>
  );
}

function Load({ cart }: { cart: Cart }) {
  const { say } = useHouse();
  const done = cart.lines.filter(line => !isOpen(line)).length;
  return (
    <section class="card counts">
      <p>{say("in_the_cart", { ...loadOf(cart) })}</p>
      <Bar done={done} all={cart.lines.length} />
    </section>
  );
}

function Marks({ line }: { line: StopLine }) {
  const { stop, state } = line;
  const { say } = useHouse();
  return (
    <p class="row">
      <span class={`tag${stop.to_door ? " tag-note" : ""}`}>
        {say(stop.to_door ? "up_to_door" : "come_down")}
      </span>
      {stop.medicine && <span class="tag tag-need">{say("medicine_in_hand")}</span>}
      {stop.cold && <span class="tag tag-note">{say("keep_cold")}</span>}
      {state === "called" && (
        <span class={`tag tag-${line.unsent || stop.reached === 0 ? "need" : "calm"}`}>
          {say(toldKey(line))}
        </span>
      )}
      {state === "nobody" && <span class="tag tag-need">{say("stop_nobody")}</span>}
      {line.unsent && <span class="tag tag-note">{say("not_arrived")}</span>}
    </p>
  );
}

/** Without a signal nobody is told before it has arrived: then one rings. */
const toldKey = (line: StopLine): Key =>
  line.unsent ? "stop_ring_yourself" : line.stop.reached > 0 ? "stop_told" : "stop_nobody_told";

function What({ stop }: { stop: DeliveryStop }) {
  const { say } = useHouse();
  return (
    <p>
      {stop.name} · <b class="num">{stop.numbers}</b>{" "}
      <span class="dim nb">{say("pieces_kg", { n: stop.pieces, kg: stop.kg })}</span>
    </p>
  );
}

function Next({ cart, line, done }: { cart: Cart; line: StopLine; done: () => void }) {
  const { phone, say } = useHouse();
  const { stop, state } = line;
  const also = withIt(cart, line);
  const about = { stop: stop.id };
  const record = async <K extends "goods.at_stairwell" | "goods.rung" | "goods.nobody_there">(
    kind: K,
    body: Bodies[K],
  ) => {
    if (await phone.record({ kind, body, base: null })) phone.tell({ key: "saved", tone: "calm" });
  };
  const end = async (left: boolean) => {
    done();
    const body = { ...about, left, to: "", photo: "" };
    if (!(await phone.record({ kind: "goods.handed_over", body, base: null }))) return;
    const undo = () => void takeBack(phone, stop.id);
    phone.tell({ key: "saved_of", values: { who: stop.door }, tone: "calm", undo });
  };
  const failed = (outcome: "nobody" | "not_wanted") => {
    done();
    return record("goods.nobody_there", { ...about, outcome });
  };
  return (
    <section class="job" aria-label={say("next_stop")}>
      <h2>
        <span class="door">{stop.door}</span>{" "}
        {stop.floor !== null && <span class="dim nb small">{say("floor", { n: stop.floor })}</span>}
      </h2>
      <Marks line={line} />
      <What stop={stop} />
      {also.length > 0 && <p class="dim">{say("same_stairwell_n", { n: also.length })}</p>}
      {stop.phone !== "" && (
        <p class="row">
          <a
            class="btn btn-quiet"
            href={`tel:${stop.phone}`}
            onClick={() => void record("goods.rung", about)}
          >
            {say("ring_them")}
          </a>
          {line.rings > 0 && <span class="dim">{say("rung_n", { n: line.rings })}</span>}
        </p>
      )}
      <div class="stack-s">
        {state === "open" && (
          <Button
            label={say("at_stairwell")}
            kind="quiet"
            big
            press={() => record("goods.at_stairwell", about)}
          />
        )}
        <Button label={say("stop_handed_over")} icon="check" big press={() => end(false)} />
        {!stop.medicine && <Button label={say("stop_left")} kind="quiet" press={() => end(true)} />}
        <div class="job-acts">
          <Button label={say("stop_nobody")} kind="quiet" press={() => failed("nobody")} />
          <Button label={say("stop_not_wanted")} kind="quiet" press={() => failed("not_wanted")} />
        </div>
      </div>
    </section>
  );
}

/** A slip of the finger: it is in the cart still, and the stop is to come. */
async function takeBack(phone: Phone, stop: string) {
  if (await phone.record({ kind: "goods.not_handed", body: { stop }, base: null }))
    phone.tell({ key: "taken_back", tone: "calm" });
}

function Others({ lines, choose }: { lines: StopLine[]; choose: (stop: string) => void }) {
  const { say } = useHouse();
  if (lines.length === 0) return null;
  return (
    <section class="stack-s" aria-label={say("stops_after")}>
      <h2>{say("stops_after")}</h2>
      {lines.map(line => (
        <article class="card" key={line.stop.id}>
          <p>
            <b class="door">{line.stop.door}</b>
          </p>
          <Marks line={line} />
          <What stop={line.stop} />
          <Button label={say("this_one_now")} kind="quiet" press={() => choose(line.stop.id)} />
        </article>
      ))}
    </section>
  );
}

const STATE_KEYS: Record<string, Key> = {
  handed_over: "stop_handed_over",
  left_at_door: "stop_left",
  not_wanted: "stop_not_wanted",
  brought_back: "stop_brought_back",
};

function Settled({ lines, over }: { lines: StopLine[]; over: boolean }) {
  const { phone, say } = useHouse();
  if (lines.length === 0) return null;
  return (
    <details class="card">
      <summary>{say("stops_settled", { n: lines.length })}</summary>
      <ul class="queue">
        {lines.map(line => (
          <li key={line.stop.id}>
            <b class="door">{line.stop.door}</b> {say(STATE_KEYS[line.state] ?? "stop_handed_over")}
            {line.unsent && <span class="tag tag-note">{say("not_arrived")}</span>}
            {given(line) && !over && (
              <Button
                label={say("stop_not_handed")}
                icon="undo-2"
                kind="bare"
                press={() => takeBack(phone, line.stop.id)}
              />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Over({ cart }: { cart: Cart }) {
  const { phone, way, say } = useHouse();
  const over = async () => {
    if (!(await phone.record({ kind: "goods.run_over", body: { run: cart.run.id }, base: null }))) return;
    phone.tell({ key: "saved", tone: "calm" });
    way.reset();
  };
  return <Button label={say("cart_is_back")} icon="check" big press={over} />;
}

/** Before everything is handed over: what is left waits at the gate for the next run. */
function OverAnyway({ cart }: { cart: Cart }) {
  const { say } = useHouse();
  return (
    <details class="card">
      <summary>{say("cart_back_early")}</summary>
      <p class="dim">{say("cart_back_early_hint")}</p>
      <Over cart={cart} />
    </details>
  );
}
