/** Rounds, and the roster of one: stairwell by stairwell, top floor down. */

import { useState } from "preact/hooks";
import { labelOf, pendingFor, saveMark, takeBack, tubeState } from "../rounds/marking";
import {
  countsIn,
  found,
  isMissing,
  isScanned,
  type Line,
  linesOf,
  linesToCount,
  marksOf,
  type Part,
  partOf,
  roundOf,
  sectionsOf,
} from "../rounds/roster";
import { doorOf } from "../walk";
import type { Round, WorkItem } from "../wire";
import type { Key } from "../words";
import { Frame } from "./frame";
import { Bar, Button, Choices, Empty, Field, Icon, Note, useHouse } from "./kit";
import { FOLD_FROM, Stairwell } from "./stairwell";
import { Gone, itemOf, NothingFetched } from "./work";

export function Rounds() {
  const { phone, way, say } = useHouse();
  const { snapshot } = phone;
  return (
    <Frame title={say("rounds")}>
      {!snapshot && <NothingFetched />}
      {snapshot?.rounds.map(round => {
        const counts = countsIn(round, linesToCount(snapshot, round.id, phone.own));
        return (
          <article class="job" key={round.id}>
            <h2>{round.name}</h2>
            <p class="dim">{say("missing_of", { n: counts.missing, all: counts.all })}</p>
            <Bar done={counts.all - counts.missing} all={counts.all} />
            {round.cut && <p class="small">{say("only_a_part")}</p>}
            <div class="job-acts">
              <Button
                label={say("roster")}
                kind="quiet"
                press={() => way.go({ at: "round", round: round.id })}
              />
              {isScanned(round) && (
                <Button
                  label={say("scan")}
                  icon="scan-line"
                  press={() => way.go({ at: "scan", round: round.id })}
                />
              )}
            </div>
          </article>
        );
      })}
      {snapshot && snapshot.rounds.length === 0 && (
        <Empty icon="list-checks" title={say("no_rounds")} hint={say("no_rounds_hint")} />
      )}
    </Frame>
  );
}

export function RoundGone() {
  const { way, say } = useHouse();
  return (
    <Frame
      title={say("rounds")}
      main={<Button label={say("rounds")} big press={() => way.reset({ at: "rounds" })} />}
    >
      <Empty icon="list-checks" title={say("round_gone")} hint={say("round_gone_hint")} />
    </Frame>
  );
}

/** `work`: the walking list of which only the entries are shown. */
export function Roster({ roundId, work }: { roundId: string; work: string | undefined }) {
  const { phone } = useHouse();
  const round = roundOf(phone.snapshot, roundId);
  const item = work === undefined ? null : itemOf(phone, work);
  if (work !== undefined && !item) return <Gone />;
  if (!round || !phone.snapshot) return <RoundGone />;
  const part = partOf(round, linesOf(phone.snapshot, roundId, phone.own), item?.entries);
  return <RosterOf round={round} part={part} item={item} />;
}

function RosterOf({ round, part, item }: { round: Round; part: Part; item: WorkItem | null }) {
  const { way, say } = useHouse();
  const [shown, show] = useState<"missing" | "all">("missing");
  const [typed, type] = useState("");
  const { lines, counts, cut } = part;
  const wanted = typed.trim() ? found(lines, typed) : shown === "missing" ? lines.filter(isMissing) : lines;
  const over = item !== null && counts.missing === 0 && !cut;
  return (
    <Frame
      title={item ? `${item.door} ${item.title}`.trim() : round.name}
      main={
        over ? (
          <EndOfList item={item} unsent={counts.unsent} />
        ) : (
          isScanned(round) && (
            <Button
              label={say("scan")}
              icon="scan-line"
              big
              press={() => way.go({ at: "scan", round: round.id })}
            />
          )
        )
      }
    >
      <Head round={round} part={part} list={item !== null} />
      <Choices
        label={say("show")}
        name="shown"
        segments
        choices={[
          { value: "missing", label: say("still_missing") },
          { value: "all", label: say("everybody") },
        ]}
        chosen={[shown]}
        choose={value => show(value as "missing" | "all")}
      />
      <Field label={say("find_on_roster")} value={typed} change={type} done="search" most={40} />
      <Lines round={round} lines={wanted} />
      {wanted.length === 0 && (
        <Nothing searched={typed.trim() !== ""} cut={cut} list={item !== null} scanned={isScanned(round)} />
      )}
      {item && !over && (
        <p>
          <a href={item.url}>{say("list_page")}</a>
        </p>
      )}
    </Frame>
  );
}

/** How far it is. */
function Head({ round, part, list }: { round: Round; part: Part; list: boolean }) {
  const { say } = useHouse();
  const { lines, counts, cut } = part;
  return (
    <>
      <section class="card counts">
        {list && <p class="dim">{round.name}</p>}
        <p>
          <b class="figure num">{counts.missing}</b> {say("still_missing_of", { all: counts.all })}
        </p>
        <Bar done={counts.all - counts.missing} all={counts.all} />
        {counts.unsent > 0 && <p class="dim small">{say("unsent_in_round", { n: counts.unsent })}</p>}
      </section>
      {cut && (
        <Note tone="need" icon="cloud-off" title={say("only_a_part")}>
          <p>{say("only_a_part_hint", { n: lines.length, all: counts.all })}</p>
        </Note>
      )}
    </>
  );
}

function Lines({ round, lines }: { round: Round; lines: Line[] }) {
  const { say } = useHouse();
  const sections = sectionsOf(lines);
  const fold = lines.length > FOLD_FROM && sections.length > 1;
  return (
    <>
      {sections.map(section => (
        <Stairwell
          key={section.name}
          name={section.name}
          count={say("n_people", { n: section.lines.length })}
          fold={fold}
        >
          {section.lines.map(line => (
            <Row key={line.entry.id} line={line} round={round} />
          ))}
        </Stairwell>
      ))}
    </>
  );
}

/** Every door of a walking list is settled: the page that ends it, which needs a signal. */
function EndOfList({ item, unsent }: { item: WorkItem; unsent: number }) {
  const { say } = useHouse();
  const offline = navigator.onLine === false;
  return (
    <div class="stack-s">
      {(unsent > 0 || offline) && (
        <p class="small">{say(offline ? "list_end_offline" : "list_end_unsent")}</p>
      )}
      <a class="btn btn-big" href={item.url}>
        <Icon name="check" />
        {say("list_end")}
      </a>
    </div>
  );
}

/** Why no line is shown. That nobody is missing can only be said by a phone that has everybody. */
function Nothing(props: { searched: boolean; cut: boolean; list: boolean; scanned: boolean }) {
  const { say } = useHouse();
  const { searched, cut, list, scanned } = props;
  const elsewhere: Key = scanned ? "not_on_phone_hint" : "settled_here_hint";
  if (searched)
    return (
      <Empty
        icon="search"
        title={say(cut ? "not_on_phone" : "nobody_found")}
        hint={say(cut ? elsewhere : "nobody_found_hint")}
      />
    );
  if (cut) return <Empty icon="cloud-off" title={say("settled_here")} hint={say("settled_here_hint")} />;
  if (list) return <Empty icon="shield-check" title={say("list_settled")} hint={say("list_settled_hint")} />;
  return <Empty icon="shield-check" title={say("nobody_missing")} hint={say("nobody_missing_hint")} />;
}

export const STATE_WORDS: Record<string, Key> = {
  waiting: "state_waiting",
  done: "state_done",
  refused: "state_refused",
  away: "state_away",
  moved: "state_moved",
  exempt: "state_exempt",
  deferred: "state_deferred",
  not_reached: "state_not_reached",
};

/** `round`: over the telephone nobody is away, they do not answer; and nobody comes there, or to a lift. */
export function stateKey(state: string, round: Round | null): Key {
  if (state === "waiting" && round && !isScanned(round)) return "state_not_yet";
  if (state === "away" && round?.by_phone) return "state_no_answer";
  return STATE_WORDS[state] ?? "state_waiting";
}

export const awayKey = (round: Round): Key => (round.by_phone ? "nobody_answers" : "nobody_there");

/** What one does first in a round by telephone. */
export function Ring({ number }: { number: string | undefined }) {
  const { say } = useHouse();
  if (!number) return <p class="dim small">{say("no_number")}</p>;
  return (
    <a class="btn btn-big" href={`tel:${number}`}>
      <Icon name="phone" />
      {say("ring_up")} <span class="num">{number}</span>
    </a>
  );
}

function Row({ line, round }: { line: Line; round: Round }) {
  const { phone, way, say } = useHouse();
  const { entry } = line;
  const press = usePress(line, round);
  return (
    <li class="roster-row">
      <p>
        <b class="door" title={entry.door}>
          {doorOf(entry)}
        </b>{" "}
        {entry.floor !== null && <span class="dim nb small">{say("floor", { n: entry.floor })}</span>}{" "}
        {entry.name}
      </p>
      <p class="row small">
        {entry.do.map(word => (
          <span class="tag tag-need" key={word}>
            {word}
          </span>
        ))}
        {line.state !== "waiting" && (
          <span class={`tag${line.state === "done" ? " tag-calm" : ""}`}>
            {say(stateKey(line.state, round))}
          </span>
        )}
        {line.unsent && <span class="tag tag-note">{say("not_arrived")}</span>}
        {entry.disputed && <span class="tag tag-note">{say("disputed")}</span>}
        {line.at && <span class="dim num">{phone.words.time(line.at)}</span>}
      </p>
      {isMissing(line) && round.by_phone && <Ring number={entry.phone} />}
      <div class="acts">
        {isMissing(line) && (
          <Button label={say("done")} kind={round.by_phone ? "quiet" : ""} press={() => press("done")} />
        )}
        {isMissing(line) && round.states.includes("away") && (
          <Button label={say(awayKey(round))} kind="quiet" press={() => press("away")} />
        )}
        <Button
          label={say("more")}
          kind="bare"
          press={() => way.go({ at: "entry", round: round.id, entry: entry.id })}
        />
      </div>
    </li>
  );
}

/** One press: done asks what the round asks and needs an open tube where there are tubes; nobody there is said at once. */
export function usePress(line: Line, round: Round): (state: "done" | "away") => Promise<void> {
  const { phone, way } = useHouse();
  return async state => {
    const pending = pendingFor(phone, round, line);
    if (state === "done" && tubeState(phone, round) !== "ready") {
      way.go({ at: "scan", round: round.id });
      phone.tell({ key: tubeState(phone, round) === "full" ? "tube_full" : "tube_first", tone: "need" });
    } else if (state === "done" && round.questions.length > 0) way.go({ at: "ask", pending });
    else {
      const id = await saveMark(phone, pending, state);
      if (id)
        phone.tell({
          key: "saved_of",
          values: { who: labelOf(line) },
          tone: "calm",
          undo: undoOf(id, round),
        });
    }
  };

  function undoOf(id: string, of: Round): () => Promise<void> {
    return async () => {
      const mark = marksOf(phone.own, of.id).find(own => own.row.id === id);
      if (mark && (await takeBack(phone, mark))) phone.tell({ key: "taken_back", tone: "calm" });
    };
  }
}
