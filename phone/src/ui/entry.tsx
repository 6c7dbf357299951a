/** One entry of a roster: everything else that can be said of it, with its reason. */

import { useState } from "preact/hooks";
import { labelOf, lineFor, pendingFor, saveMark } from "../rounds/marking";
import { MARKS_WITH_NOTE, roundOf } from "../rounds/roster";
import type { Key } from "../words";
import { Frame } from "./frame";
import { Button, Choices, Empty, Field, Note, useHouse } from "./kit";
import { awayKey, Ring, RoundGone, stateKey, usePress } from "./rounds";

/** Done and nobody there have a press of their own; the rest is chosen here. */
const OTHERS = ["refused", "deferred", "exempt", "moved"] as const;
const HINTS: Record<(typeof OTHERS)[number], Key> = {
  refused: "why_refused",
  deferred: "why_deferred",
  exempt: "why_exempt",
  moved: "why_moved",
};

export function EntryScreen({ roundId, entryId }: { roundId: string; entryId: string }) {
  const { phone, way, say } = useHouse();
  const [state, choose] = useState("");
  const [note, write] = useState("");
  const [tried, trySave] = useState(false);
  const round = roundOf(phone.snapshot, roundId);
  const line = round && lineFor(phone, round, entryId);
  if (!round || !line) return <RoundGone />;
  const lacksNote = MARKS_WITH_NOTE.has(state) && note.trim() === "";
  const save = async () => {
    trySave(true);
    if (state === "" || lacksNote) return;
    if (!(await saveMark(phone, pendingFor(phone, round, line), state, note.trim()))) return;
    phone.tell({ key: "saved_of", values: { who: labelOf(line) }, tone: "calm" });
    way.back();
  };
  const choices = OTHERS.filter(one => round.states.includes(one)).map(value => ({
    value,
    label: say(stateKey(value, round)),
  }));
  if (line.state !== "waiting" && round.states.includes("waiting"))
    choices.push({ value: "waiting" as never, label: say("take_it_back") });
  return (
    <Frame title={line.entry.door} main={<Button label={say("save")} big press={save} />}>
      <section class="job">
        <h2>{line.entry.name}</h2>
        <p class="row">
          <span class="tag">{say(stateKey(line.state, round))}</span>
          {line.unsent && <span class="tag tag-note">{say("not_arrived")}</span>}
          {line.entry.do.map(word => (
            <span class="tag tag-need" key={word}>
              {word}
            </span>
          ))}
        </p>
        {line.entry.tries > 0 && <p class="dim">{say("tries", { n: line.entry.tries })}</p>}
        {round.by_phone && <Ring number={line.entry.phone} />}
        <Presses roundId={roundId} entryId={entryId} />
      </section>
      <div class="form">
        {choices.length === 0 && <Empty icon="check" title={say("nothing_else")} hint="" />}
        <Choices
          label={say("something_else")}
          name="state"
          choices={choices}
          chosen={[state]}
          choose={choose}
          error={tried && state === "" ? say("choose_one") : undefined}
        />
        {state !== "" && (
          <Field
            label={say("why")}
            hint={say(HINTS[state as (typeof OTHERS)[number]] ?? "why_optional")}
            value={note}
            change={write}
            lines={3}
            error={tried && lacksNote ? say("note_needed") : undefined}
          />
        )}
        {state === "refused" && <Note tone="calm" title={say("refusal_is_an_outcome")} />}
        <Button
          label={say("met_trouble")}
          kind="quiet"
          icon="triangle-alert"
          press={() => way.go({ at: "trouble", round: roundId, entry: entryId })}
        />
      </div>
    </Frame>
  );
}

function Presses({ roundId, entryId }: { roundId: string; entryId: string }) {
  const { phone, way, say } = useHouse();
  const round = roundOf(phone.snapshot, roundId);
  const line = round && lineFor(phone, round, entryId);
  if (!round || !line) return null;
  return <PressesOf say={say} back={() => way.back()} round={round} line={line} />;
}

function PressesOf(props: {
  say: ReturnType<typeof useHouse>["say"];
  back: () => void;
  round: Parameters<typeof usePress>[1];
  line: Parameters<typeof usePress>[0];
}) {
  const press = usePress(props.line, props.round);
  return (
    <div class="job-acts">
      {props.line.state !== "done" && (
        <Button
          label={props.say("done")}
          kind={props.round.by_phone ? "quiet" : ""}
          press={() => press("done")}
        />
      )}
      {props.round.states.includes("away") && (
        <Button label={props.say(awayKey(props.round))} kind="quiet" press={() => press("away")} />
      )}
    </div>
  );
}
