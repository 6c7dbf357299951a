/** What is saved here and what has arrived, item by item; and how it gets away from here without a signal. */

import { useEffect, useState } from "preact/hooks";
import { atHome, labelOf } from "../homes/register";
import { who } from "../rounds/marking";
import { roundOf } from "../rounds/roster";
import type { Own } from "../store/outbox";
import type { Key } from "../words";
import { Frame, standingWords } from "./frame";
import { Button, Empty, Icon, Note, useHouse } from "./kit";
import { stateKey } from "./rounds";

export function Outbox() {
  const { phone, say } = useHouse();
  const mine = [...phone.own].reverse();
  const others = phone.waiting - mine.filter(own => own.row.state === "waiting").length;
  return (
    <Frame
      title={say("saved_here")}
      main={<Button label={say("send_now")} icon="send" big press={() => phone.refresh(true)} />}
    >
      <section class="card counts">
        <p>{standingWords(phone, say)}</p>
        {others > 0 && <p class="dim">{say("of_others", { n: others })}</p>}
      </section>
      <StorageWarning />
      <ul class="queue items">
        {mine.map(own => (
          <Item key={own.row.id} own={own} />
        ))}
      </ul>
      {mine.length === 0 && (
        <Empty icon="inbox" title={say("nothing_saved")} hint={say("nothing_saved_hint")} />
      )}
      <Files />
    </Frame>
  );
}

const ITEM_STATES: Record<Own["row"]["state"], { key: Key; tone: string }> = {
  waiting: { key: "item_waiting", tone: "need" },
  arrived: { key: "item_arrived", tone: "calm" },
  aside: { key: "item_aside", tone: "note" },
};

function Item({ own }: { own: Own }) {
  const { phone, say } = useHouse();
  const { row } = own;
  const { key, tone } = ITEM_STATES[row.state];
  return (
    <li class="item">
      <p>
        <b>{whatOf(own, phone, say)}</b>
      </p>
      <p class="row small">
        <span class="num dim">{phone.words.time(row.made_at)}</span>
        {row.urgent && <span class="tag tag-danger">{say("item_danger")}</span>}
        <span class={`tag tag-${tone}`}>{say(key)}</span>
      </p>
      {row.state === "aside" && <p>{row.sentence || say("aside_hint")}</p>}
    </li>
  );
}

function whatOf(
  { command }: Own,
  phone: ReturnType<typeof useHouse>["phone"],
  say: ReturnType<typeof useHouse>["say"],
): string {
  const titled = (key: Key, request: string) => {
    const item = phone.snapshot?.work.find(one => one.subject === request);
    return item ? `${item.door} ${say(key)}`.trim() : say(key);
  };
  const stopped = (key: Key, id: string) => {
    const stop = phone.snapshot?.runs?.flatMap(run => run.stops).find(one => one.id === id);
    return `${stop?.door ?? ""} ${say(key)}`.trim();
  };
  switch (command.kind) {
    case "rounds.mark":
      return `${who(phone, command.body)} · ${say(stateKey(command.body.state, roundOf(phone.snapshot, command.body.round)))}`;
    case "rounds.trouble":
      return say("met_trouble");
    case "help.take":
      return titled("said_take", command.body.request);
    case "help.start":
      return titled("said_start", command.body.request);
    case "help.attempt":
      return titled("said_attempt", command.body.request);
    case "help.finish":
      return titled("said_finish", command.body.request);
    case "goods.confirm_holding":
    case "goods.give_back": {
      const { holding } = command.body;
      const held = phone.snapshot?.hands?.find(one => one.id === holding);
      const gave = held?.gave ? "said_gave_it" : "said_have_it";
      const key = command.kind === "goods.give_back" ? "said_given_back" : gave;
      return held ? `${held.what} · ${say(key)}` : say(key);
    }
    case "goods.at_stairwell":
      return stopped("at_stairwell", command.body.stop);
    case "goods.rung":
      return stopped("said_rung", command.body.stop);
    case "goods.handed_over":
      return stopped(command.body.left ? "stop_left" : "stop_handed_over", command.body.stop);
    case "goods.not_handed":
      return stopped("stop_not_handed", command.body.stop);
    case "goods.nobody_there":
      return stopped(
        command.body.outcome === "nobody" ? "stop_nobody" : "stop_not_wanted",
        command.body.stop,
      );
    case "goods.run_over":
      return say("cart_is_back");
    case "people.amend": {
      const at = atHome(phone.snapshot, phone.own, command.body.household, command.body.person);
      return `${at ? labelOf(at) : say("somebody_at_door")} · ${say("said_amend")}`;
    }
  }
}

/** To a file and from a file: sealed as it lies here, so whoever carries it can neither read nor change it. */
function Files() {
  const { phone, say } = useHouse();
  const toFile = async () => {
    const url = URL.createObjectURL(new Blob([await phone.fileOfWaiting()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `shouwang-${new Date().toISOString().slice(0, 16).replace(/[-:T]/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  const fromFile = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const count = await phone.bringIn(await file.text()).catch(() => -1);
    input.value = "";
    if (count === -1) phone.tell({ key: "file_not_saved", tone: "need" });
    else if (count === null) phone.tell({ key: "file_unfit", tone: "need" });
    else phone.tell({ key: "file_brought", values: { n: count }, tone: "calm" });
  };
  return (
    <section class="card stack-s">
      <h2>{say("without_signal")}</h2>
      <p class="dim">{say("without_signal_hint")}</p>
      <Button label={say("to_file")} icon="download" kind="quiet" press={toFile} off={phone.waiting === 0} />
      <label class="btn btn-quiet pick">
        <Icon name="upload" />
        <span>{say("from_file")}</span>
        <input type="file" accept="application/json,.json" onChange={fromFile} />
      </label>
    </section>
  );
}

/** Says before it happens that the phone may be full, or may throw storage away. */
export function StorageWarning() {
  const { say } = useHouse();
  const [used, measure] = useState(0);
  const [kept, setKept] = useState(true);
  useEffect(() => {
    void navigator.storage
      ?.estimate?.()
      .then(({ usage, quota }) => measure(quota ? (usage ?? 0) / quota : 0));
    void navigator.storage?.persisted?.().then(setKept);
  }, []);
  return (
    <>
      {used > 0.8 && (
        <Note tone="need" icon="triangle-alert" title={say("storage_full", { n: Math.round(used * 100) })}>
          <p>{say("storage_full_hint")}</p>
        </Note>
      )}
      {!kept && onApple() && !installed() && (
        <Note tone="need" icon="smartphone" title={say("apple_title")}>
          <p>{say("apple_hint")}</p>
        </Note>
      )}
    </>
  );
}

const onApple = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

const installed = (): boolean => matchMedia("(display-mode: standalone)").matches;
