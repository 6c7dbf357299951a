/** My work, from every room: danger first; and one job with what may be done next. */

import { useState } from "preact/hooks";
import type { Phone } from "../phone";
import { linesToCount, partOf, roundOf } from "../rounds/roster";
import { cartOf, isOpen, runOf } from "../runs/cart";
import type { Kind, WorkItem } from "../wire";
import type { Key } from "../words";
import { Frame } from "./frame";
import { Button, Choices, Empty, Field, Note, useHouse } from "./kit";
import { PhotoField } from "./photo";
import type { Screen } from "./way";

export function Work() {
  const { phone, say } = useHouse();
  const work = phone.snapshot?.work ?? [];
  return (
    <Frame title={work.length > 0 ? `${say("my_work")} · ${work.length}` : say("my_work")}>
      {phone.snapshot?.stood_down && <Note tone="calm" icon="shield-check" title={say("stood_down")} />}
      {[...work]
        .sort((a, b) => a.rank - b.rank || Number(b.waiting) - Number(a.waiting))
        .map(item => (
          <Card key={item.key} item={item} />
        ))}
      {work.length === 0 && phone.snapshot && (
        <Empty icon="inbox" title={say("no_work")} hint={say("no_work_hint")} />
      )}
      {!phone.snapshot && <NothingFetched />}
    </Frame>
  );
}

export function NothingFetched() {
  const { phone, say } = useHouse();
  return (
    <div class="stack">
      <Empty icon="cloud-off" title={say("nothing_fetched")} hint={say("nothing_fetched_hint")} />
      <Button label={say("try_again")} kind="quiet" press={() => phone.refresh(true)} />
    </div>
  );
}

/** What this phone has said of the job and the server has not heard yet. */
export function saidOf(phone: Phone, item: WorkItem): { kind: Kind; waiting: boolean } | null {
  const about = phone.own.filter(({ command, row }) => {
    const subject = "request" in command.body ? command.body.request : null;
    const counts = row.state === "waiting" || (row.settled_at ?? 0) >= (phone.snapshot?.askedAt ?? 0);
    return subject !== null && subject === item.subject && row.state !== "aside" && counts;
  });
  const last = about.at(-1);
  return last ? { kind: last.command.kind, waiting: last.row.state === "waiting" } : null;
}

const SAID: Partial<Record<Kind, Key>> = {
  "help.take": "said_take",
  "help.start": "said_start",
  "help.attempt": "said_attempt",
  "help.finish": "said_finish",
};

function Facts({ item }: { item: WorkItem }) {
  const { phone, say } = useHouse();
  const said = saidOf(phone, item);
  const key = said && SAID[said.kind];
  return (
    <>
      <p class="row">
        {item.tags.map((tag, at) => (
          <span key={tag} class={`tag${at === 0 && toned(item.tone) ? ` tag-${item.tone}` : ""}`}>
            {tag}
          </span>
        ))}
        {said && key && (
          <span class={`tag ${said.waiting ? "tag-note" : "tag-calm"}`}>
            {say(key)}
            {said.waiting && ` · ${say("not_arrived")}`}
          </span>
        )}
      </p>
      <h2>
        <span class="door">{item.door}</span> {item.title}
      </h2>
      <p class="dim">
        {leftOf(phone, item) ?? item.small}
        {item.due_at && ` · ${say("due", { time: phone.words.time(item.due_at) })}`}
      </p>
    </>
  );
}

/** How many are left in the roster in which it is done, by what this phone knows; null when it is no such work. */
function leftOf(phone: Phone, item: WorkItem): string | null {
  const { snapshot } = phone;
  const cart = item.subject ? cartOf(snapshot, phone.own, item.subject) : null;
  if (cart) return phone.say("stops_left", { n: cart.lines.filter(isOpen).length });
  const round = item.round ? roundOf(snapshot, item.round) : null;
  if (!snapshot || !round) return null;
  const { counts } = partOf(round, linesToCount(snapshot, round.id, phone.own), item.entries);
  return phone.say("still_to_do", { n: counts.missing });
}

/** Where it is done: in the roster, or on a screen of its own. */
function screenOf(phone: Phone, item: WorkItem): Screen {
  if (item.kind === "goods.hands") return { at: "hands" };
  if (item.subject && runOf(phone.snapshot, item.subject)) return { at: "run", run: item.subject };
  if (!item.round || !roundOf(phone.snapshot, item.round)) return { at: "job", key: item.key };
  const round = { at: "round", round: item.round } as const;
  return item.entries?.length ? { ...round, work: item.key } : round;
}

const toned = (tone: string): boolean => ["calm", "need", "danger", "note"].includes(tone);

function Card({ item }: { item: WorkItem }) {
  const { phone, way, say } = useHouse();
  return (
    <article class={`job${item.tone === "danger" ? " job-danger" : ""}`}>
      <Facts item={item} />
      <Button
        label={say(item.waiting ? "answer" : "go_on")}
        kind={item.waiting ? "" : "quiet"}
        big
        press={() => way.go(screenOf(phone, item))}
      />
    </article>
  );
}

export const itemOf = (phone: Phone, key: string): WorkItem | null =>
  phone.snapshot?.work.find(item => item.key === key) ?? null;

export function Job({ itemKey }: { itemKey: string }) {
  const { phone, way, say } = useHouse();
  const item = itemOf(phone, itemKey);
  if (!item) return <Gone />;
  const request = item.subject;
  const may = (act: Kind) => request !== null && item.acts.includes(act);
  const danger = item.tone === "danger";
  const act = async (kind: "help.take" | "help.start") => {
    if (request && (await phone.record({ kind, body: { request }, base: null })))
      phone.tell({ key: "saved", tone: "calm" });
  };
  const said = saidOf(phone, item)?.kind;
  return (
    <Frame
      title={item.door || item.title}
      main={
        <div class="stack-s">
          {may("help.take") && !said && (
            <Button
              label={say(danger ? "on_my_way" : "take")}
              kind={danger ? "danger" : ""}
              big
              press={() => act("help.take")}
            />
          )}
          {may("help.start") && said !== "help.start" && said !== "help.finish" && (
            <Button label={say("set_out")} kind="quiet" big press={() => act("help.start")} />
          )}
          {may("help.finish") && said !== "help.finish" && (
            <Button
              label={say("finish")}
              icon="check"
              big
              press={() => way.go({ at: "finish", key: itemKey })}
            />
          )}
        </div>
      }
    >
      <section class={`job${danger ? " job-danger" : ""}`}>
        <Facts item={item} />
        {danger && (
          <p>
            <a class="btn btn-danger btn-big" href="tel:120">
              {say("ring_120")}
            </a>
          </p>
        )}
      </section>
      {may("help.attempt") && said !== "help.finish" && (
        <Button
          label={say("could_not")}
          kind="quiet"
          press={() => way.go({ at: "could_not", key: itemKey })}
        />
      )}
      {item.url && (
        <p>
          <a href={item.url}>{say("whole_page")}</a>
        </p>
      )}
    </Frame>
  );
}

export function Gone() {
  const { way, say } = useHouse();
  return (
    <Frame title={say("my_work")} main={<Button label={say("to_my_work")} big press={() => way.reset()} />}>
      <Empty icon="inbox" title={say("job_gone")} hint={say("job_gone_hint")} />
    </Frame>
  );
}

export function Finish({ itemKey }: { itemKey: string }) {
  const { phone, way, say } = useHouse();
  const [note, write] = useState("");
  const [photo, take] = useState("");
  const item = itemOf(phone, itemKey);
  if (!item?.subject) return <Gone />;
  const request = item.subject;
  const save = async () => {
    if (
      !(await phone.record({ kind: "help.finish", body: { request, note: note.trim(), photo }, base: null }))
    )
      return;
    phone.tell({ key: "saved", tone: "calm" });
    way.reset();
  };
  return (
    <Frame
      title={item.door || item.title}
      main={<Button label={say("it_is_done")} icon="check" big press={save} />}
    >
      <div class="form">
        <Field
          label={say("how_it_went")}
          hint={say("how_it_went_hint")}
          value={note}
          change={write}
          lines={2}
        />
        <PhotoField hint="photo_hint" photo={photo} take={take} />
      </div>
    </Frame>
  );
}

const OUTCOMES = ["not_in", "refused", "not_found", "wrong_door", "need_a_hand"] as const;
const OUTCOME_WORDS: Record<(typeof OUTCOMES)[number], Key> = {
  not_in: "outcome_not_in",
  refused: "outcome_refused",
  not_found: "outcome_not_found",
  wrong_door: "outcome_wrong_door",
  need_a_hand: "outcome_need_a_hand",
};

export function CouldNot({ itemKey }: { itemKey: string }) {
  const { phone, way, say } = useHouse();
  const [outcome, choose] = useState("");
  const [note, write] = useState("");
  const [asked, ask] = useState(false);
  const item = itemOf(phone, itemKey);
  if (!item?.subject) return <Gone />;
  const request = item.subject;
  const save = async () => {
    ask(outcome === "");
    const body = { request, outcome, note: note.trim() };
    if (outcome === "" || !(await phone.record({ kind: "help.attempt", body, base: null }))) return;
    phone.tell({ key: "saved", tone: "calm" });
    way.back();
  };
  return (
    <Frame title={say("could_not")} main={<Button label={say("note_it")} big press={save} />}>
      <div class="form">
        <Choices
          label={say("what_happened")}
          name="outcome"
          choices={OUTCOMES.map(value => ({ value, label: say(OUTCOME_WORDS[value]) }))}
          chosen={[outcome]}
          choose={choose}
          error={asked && outcome === "" ? say("choose_one") : undefined}
        />
        <Field label={say("a_word")} value={note} change={write} most={200} />
      </div>
    </Frame>
  );
}
