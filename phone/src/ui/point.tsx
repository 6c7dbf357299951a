/** At the table: somebody who is not on the list, a tube with the wrong label, a trouble met on the way. */

import { useState } from "preact/hooks";
import { labelOf, lineFor, moveToTube, who } from "../rounds/marking";
import { save, unlisted } from "../rounds/reading";
import { marksOf, roundOf } from "../rounds/roster";
import { readScanned } from "../rounds/scanned";
import { tubeOf } from "../rounds/tubes";
import type { WalkIn } from "../wire";
import type { Key } from "../words";
import { Frame } from "./frame";
import { Button, Choices, Field, useHouse } from "./kit";
import { LifePanel } from "./life";
import { PhotoField } from "./photo";
import { RoundGone } from "./rounds";

const DOCUMENTS: { value: WalkIn["document"]; key: Key }[] = [
  { value: "id", key: "document_id" },
  { value: "passport", key: "document_passport" },
  { value: "newborn", key: "document_newborn" },
  { value: "none", key: "document_none" },
];

export function WalkInScreen({ roundId }: { roundId: string }) {
  const { phone, way, say } = useHouse();
  const [form, set] = useState<WalkIn>({ name: "", document: "id", number: "", door: "", phone: "" });
  const [tried, setTried] = useState(false);
  const round = roundOf(phone.snapshot, roundId);
  if (!round) return <RoundGone />;
  const typed = (key: keyof WalkIn) => (value: string) => set({ ...form, [key]: value });
  const number = form.number.trim().toUpperCase();
  const fault: Record<"name" | "number", Key | null> = {
    name: form.name.trim() === "" ? "name_missing" : null,
    number: faultOfNumber(form.document, number),
  };
  const next = async () => {
    setTried(true);
    if (fault.name || fault.number) return;
    const person: WalkIn = {
      name: form.name.trim(),
      document: form.document,
      number: form.document === "none" ? "" : number,
      door: form.door.trim(),
      phone: form.phone.trim(),
    };
    const outcome = await save(
      phone,
      unlisted(phone, round, { walk_in: person }, person.name),
      "walk_in_noted",
    );
    if (outcome.kind === "said") phone.tell({ key: outcome.key, tone: "need" });
    if (outcome.kind === "ask") way.replace({ at: "ask", pending: outcome.pending });
    if (outcome.kind !== "saved") return;
    phone.tell({ key: outcome.key, values: { who: outcome.label }, tone: "calm" });
    way.back();
  };
  return (
    <Frame title={say("not_on_list")} main={<Button label={say("save")} icon="check" big press={next} />}>
      <div class="form">
        <Field
          label={say("name")}
          value={form.name}
          change={typed("name")}
          error={tried && fault.name ? say(fault.name) : undefined}
          hint={form.document === "newborn" ? say("newborn_hint") : undefined}
          most={60}
          focus
        />
        <Choices
          label={say("document")}
          name="document"
          choices={DOCUMENTS.map(({ value, key }) => ({ value, label: say(key) }))}
          chosen={[form.document]}
          choose={value => set({ ...form, document: value as WalkIn["document"] })}
        />
        {(form.document === "id" || form.document === "passport") && (
          <Field
            label={say("document_number")}
            value={form.number}
            change={typed("number")}
            error={tried && fault.number ? say(fault.number) : undefined}
            most={30}
          />
        )}
        <Field label={say("door")} value={form.door} change={typed("door")} most={60} />
        <Field
          label={say("telephone")}
          value={form.phone}
          change={typed("phone")}
          type="tel"
          mode="numeric"
          most={20}
        />
      </div>
    </Frame>
  );
}

function faultOfNumber(document: WalkIn["document"], number: string): Key | null {
  if (document === "passport") return /^[A-Z0-9]{5,20}$/.test(number) ? null : "passport_unfit";
  if (document !== "id") return null;
  return readScanned(number, false, false).kind === "id" ? null : "id_check_digit";
}

/** A tube that carries the wrong label: the right one is scanned, and everybody chosen is in it. */
export function TubeScreen({ roundId, barcode }: { roundId: string; barcode: string }) {
  const { phone, way, say } = useHouse();
  const [right, type] = useState("");
  const [tried, setTried] = useState(false);
  const inside = tubeOf(marksOf(phone.own, roundId), barcode).inside;
  const [left, leave] = useState<string[]>([]);
  const read = readScanned(right, true, true);
  const fault: Key | null =
    read.kind !== "tube" ? "tube_unreadable" : read.barcode === barcode ? "tube_same" : null;
  const chosen = inside.filter(mark => !left.includes(mark.row.id));
  const move = async () => {
    setTried(true);
    if (fault || read.kind !== "tube") return;
    for (const mark of chosen) if (!(await moveToTube(phone, mark, read.barcode))) return;
    if (chosen.length === inside.length) phone.tubes.set(roundId, read.barcode);
    phone.tell({ key: "tube_moved", values: { n: chosen.length, tube: read.barcode }, tone: "calm" });
    way.back();
  };
  const toggle = (id: string) => leave(left.includes(id) ? left.filter(one => one !== id) : [...left, id]);
  return (
    <Frame
      title={say("tube_wrong")}
      main={
        <Button label={say("tube_move", { n: chosen.length })} big press={move} off={chosen.length === 0} />
      }
    >
      <div class="form">
        <p>{say("tube_says", { tube: barcode })}</p>
        <Field
          label={say("tube_right")}
          value={right}
          change={type}
          error={tried && fault ? say(fault) : undefined}
          most={40}
          focus
        />
        <Choices
          label={say("tube_who")}
          name="inside"
          many
          choices={inside.map(mark => ({ value: mark.row.id, label: who(phone, mark.command.body) }))}
          chosen={chosen.map(mark => mark.row.id)}
          choose={toggle}
        />
      </div>
    </Frame>
  );
}

const CATEGORIES: { value: string; key: Key }[] = [
  { value: "emergency", key: "category_emergency" },
  { value: "medicine", key: "category_medicine" },
  { value: "shopping", key: "category_shopping" },
  { value: "repair", key: "category_repair" },
  { value: "care", key: "category_care" },
  { value: "visit", key: "category_visit" },
  { value: "question", key: "category_question" },
  { value: "other", key: "category_other" },
];

/** Two presses: what it is, and send. */
export function TroubleScreen({ roundId, entryId }: { roundId: string; entryId: string | null }) {
  const { phone, way, say } = useHouse();
  const [category, choose] = useState("");
  const [words, write] = useState("");
  const [photo, take] = useState("");
  const [tried, setTried] = useState(false);
  const round = roundOf(phone.snapshot, roundId);
  if (!round) return <RoundGone />;
  const line = entryId ? lineFor(phone, round, entryId) : null;
  const send = async () => {
    setTried(true);
    if (category === "") return;
    const body = { round: roundId, entry: entryId, category, words: words.trim(), photo };
    const urgent = category === "emergency";
    if (!(await phone.record({ kind: "rounds.trouble", body, base: null, urgent }))) return;
    if (urgent) phone.alarm(line ? labelOf(line) : "");
    phone.tell({ key: "trouble_noted", tone: "calm" });
    way.back();
  };
  return (
    <Frame title={say("met_trouble")} main={<Button label={say("send")} icon="send" big press={send} />}>
      {line && <p>{labelOf(line)}</p>}
      {category === "emergency" && <LifePanel />}
      <fieldset class={`field tiles${tried && category === "" ? " has-error" : ""}`}>
        <legend>{say("what_is_it")}</legend>
        {tried && category === "" && (
          <p class="field-error" role="alert">
            {say("choose_one")}
          </p>
        )}
        <div class="tiles-in">
          {CATEGORIES.map(({ value, key }) => (
            <label class="tile" key={value}>
              <input
                type="radio"
                name="category"
                checked={category === value}
                onChange={() => choose(value)}
              />
              <span>{say(key)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Field label={say("a_word")} value={words} change={write} lines={2} most={500} />
      <PhotoField hint="trouble_photo_hint" photo={photo} take={take} />
    </Frame>
  );
}
