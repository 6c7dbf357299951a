/** Scanning: by camera, from a photo, by a handheld scanner or the keyboard, by name; the count in large digits. */

import { useEffect, useRef, useState } from "preact/hooks";
import { currentTube, lastDone, standing, takeBack, tubeState, who } from "../rounds/marking";
import { type Outcome, take, takeLine } from "../rounds/reading";
import { type Line, roundOf } from "../rounds/roster";
import type { Camera } from "../scan/camera";
import { speak } from "../scan/voice";
import type { Round } from "../wire";
import { Frame } from "./frame";
import { Button, Field, Icon, Note, useHouse } from "./kit";
import { RoundGone, stateKey } from "./rounds";

const MOST_CHOICES = 12;

export function Scan({ roundId }: { roundId: string }) {
  const { phone } = useHouse();
  const round = roundOf(phone.snapshot, roundId);
  return round ? <ScanRound round={round} /> : <RoundGone />;
}

function ScanRound({ round }: { round: Round }) {
  const { phone, way, say } = useHouse();
  const [typed, type] = useState("");
  const [lines, choose] = useState<Line[]>([]);
  // One after the other: a handheld scanner is faster than storage.
  const queue = useRef<Promise<void>>(Promise.resolve());

  const handle = (outcome: Outcome) => {
    choose(outcome.kind === "choose" ? outcome.lines : []);
    if (outcome.kind === "ask") way.go({ at: "ask", pending: outcome.pending });
    else if (outcome.kind === "said")
      phone.tell({ key: outcome.key, values: outcome.values ?? {}, tone: "need" });
    else if (outcome.kind === "tube")
      phone.tell({ key: "tube_open", values: { tube: outcome.barcode }, tone: "calm" });
    else if (outcome.kind === "saved") saved(outcome.label, outcome.key);
    else phone.tell(null);
  };
  const saved = (label: string, key: Parameters<typeof say>[0]) => {
    phone.tell({ key, values: { who: label }, tone: "calm" });
    navigator.vibrate?.(60);
    const tube = currentTube(phone, round);
    if (tube) speak(String(tube.inside.length), phone.words.language);
  };
  const read = (raw: string, camera: boolean) => {
    if (raw.trim() === "") return;
    queue.current = queue.current
      .then(async () => handle(await take(phone, round, raw, camera)))
      .catch(() => {});
  };
  useStrayKeys();
  const entered = (event: Event) => {
    event.preventDefault();
    read(typed, false);
    type("");
  };
  return (
    <Frame title={say("scan")} main={<Last round={round} />}>
      <Count round={round} />
      <CameraBox read={text => read(text, true)} />
      <form class="row keyed" onSubmit={entered}>
        <div class="grow">
          <Field
            label={say("code_or_name")}
            hint={say("code_or_name_hint")}
            value={typed}
            change={type}
            most={160}
            done="send"
          />
        </div>
        <Button label={say("enter")} icon="check" submit big />
      </form>
      {lines.length > 0 && (
        <section class="card">
          <h2>{say("who_is_it")}</h2>
          <ul class="queue">
            {lines.slice(0, MOST_CHOICES).map(line => (
              <li key={line.entry.id} class="roster-row">
                <Button
                  label={`${line.entry.door} ${line.entry.name} · ${say(stateKey(line.state, round))}`}
                  kind="quiet"
                  big
                  press={async () => handle(await takeLine(phone, round, line))}
                />
              </li>
            ))}
          </ul>
          {lines.length > MOST_CHOICES && (
            <p class="dim">{say("more_found", { n: lines.length - MOST_CHOICES })}</p>
          )}
        </section>
      )}
      <div class="acts acts-two">
        <FromPhoto read={text => read(text, true)} />
        <Button
          label={say("not_on_list")}
          icon="user-plus"
          kind="quiet"
          big
          press={() => way.go({ at: "walk_in", round: round.id })}
        />
        <Button
          label={say("met_trouble")}
          icon="triangle-alert"
          kind="quiet"
          big
          press={() => way.go({ at: "trouble", round: round.id, entry: null })}
        />
      </div>
    </Frame>
  );
}

/** A handheld scanner types wherever it is: what comes outside of a field goes into the one for codes. That field is
 * not given the focus before, as a phone would cover half of the screen with its keys. */
function useStrayKeys(): void {
  useEffect(() => {
    const caught = (event: KeyboardEvent) => {
      const inField = (event.target as HTMLElement).matches("input, textarea, select");
      if (inField || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === " ") return;
      document.querySelector<HTMLInputElement>(".keyed input")?.focus();
    };
    addEventListener("keydown", caught);
    return () => removeEventListener("keydown", caught);
  }, []);
}

/** How many are in the tube, or were done here; and whether the next tube is due. */
function Count({ round }: { round: Round }) {
  const { phone, way, say } = useHouse();
  const tube = currentTube(phone, round);
  const state = tubeState(phone, round);
  if (!round.tube_size) {
    const done = standing(phone, round).filter(mark => mark.command.body.state === "done").length;
    return (
      <section class="card counts">
        <p>
          <b class="figure num" data-count>
            {done}
          </b>{" "}
          {say("done_here")}
        </p>
      </section>
    );
  }
  return (
    <section class={`card counts${state === "ready" ? "" : " card-need"}`}>
      <p>
        <b class="figure num" data-count>
          {tube?.inside.length ?? 0}
        </b>{" "}
        <span class="nb">/ {round.tube_size}</span> {tube && say("in_tube", { tube: tube.barcode })}
      </p>
      {state === "full" && <p class="late">{say("tube_full")}</p>}
      {state === "none" && <p class="late">{say("tube_first")}</p>}
      {tube && tube.inside.length > 0 && (
        <Button
          label={say("tube_wrong")}
          icon="test-tube"
          kind="quiet"
          press={() => way.go({ at: "tube", round: round.id, barcode: tube.barcode })}
        />
      )}
    </section>
  );
}

function Last({ round }: { round: Round }) {
  const { phone, say } = useHouse();
  const mark = lastDone(phone, round);
  if (!mark) return null;
  const undo = async () => {
    if (await takeBack(phone, mark)) phone.tell({ key: "taken_back", tone: "calm" });
  };
  return (
    <div class="last">
      <p>
        <span class="dim">{say("last_one")}</span> {who(phone, mark.command.body)}
      </p>
      <Button label={say("last_wrong")} icon="undo-2" kind="quiet" big press={undo} />
    </div>
  );
}

function CameraBox({ read }: { read: (text: string) => void }) {
  const { say } = useHouse();
  const video = useRef<HTMLVideoElement>(null);
  const camera = useRef<Camera | null>(null);
  const here = useRef(true);
  const reader = useRef(read);
  reader.current = read;
  const [state, set] = useState<"off" | "on" | "none">("off");
  const stop = () => {
    camera.current?.stop();
    camera.current = null;
  };
  useEffect(
    () => () => {
      here.current = false;
      stop();
    },
    [],
  );
  const toggle = async () => {
    if (camera.current) {
      stop();
      return set("off");
    }
    const { watch } = await import("../scan/camera");
    if (!video.current) return;
    set("on");
    try {
      const started = await watch(video.current, text => reader.current(text));
      // The screen was left while the camera was still being asked for.
      if (here.current) camera.current = started;
      else started.stop();
    } catch {
      set("none");
    }
  };
  return (
    <section class="camera">
      <video ref={video} hidden={state !== "on"} muted playsInline aria-label={say("camera")} />
      {state === "none" && (
        <Note tone="need" icon="camera" title={say("no_camera")}>
          <p>{say("no_camera_hint")}</p>
        </Note>
      )}
      <Button
        label={say(state === "on" ? "camera_off" : "camera_on")}
        icon="camera"
        kind={state === "on" ? "quiet" : ""}
        big
        press={toggle}
      />
    </section>
  );
}

function FromPhoto({ read }: { read: (text: string) => void }) {
  const { phone, say } = useHouse();
  const chosen = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const { codesIn } = await import("../scan/decode");
    const texts = await codesIn(file).catch(() => []);
    input.value = "";
    if (texts.length === 0) phone.tell({ key: "no_code_in_photo", tone: "need" });
    for (const text of texts) read(text);
  };
  return (
    <label class="btn btn-quiet btn-big pick">
      <Icon name="image" />
      <span>{say("from_photo")}</span>
      <input type="file" accept="image/*" onChange={chosen} />
    </label>
  );
}
