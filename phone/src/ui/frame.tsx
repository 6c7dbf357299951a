/** What is around every screen: the head with what has arrived, the tabs, what was just saved. */

import type { ComponentChildren } from "preact";
import type { Key } from "../words";
import { Button, Icon, Note, useHouse } from "./kit";
import { LifePanel } from "./life";
import type { IconName } from "./shapes";
import type { Screen } from "./way";

interface FrameProps {
  title: string;
  children: ComponentChildren;
  /** The one obvious next thing, at the thumb. */
  main?: ComponentChildren;
}

export function Frame({ title, children, main }: FrameProps) {
  const { phone, way, say } = useHouse();
  return (
    <div class="phone">
      <header class="phone-head">
        <div class="line">
          {way.deep && (
            <button class="icon-btn" type="button" onClick={() => way.back()}>
              <Icon name="arrow-left" label={say("back")} />
            </button>
          )}
          <h1>{title}</h1>
          <button class="icon-btn" type="button" onClick={() => lock(phone, way)}>
            <Icon name="lock" label={say("lock")} />
          </button>
          <button class="icon-btn" type="button" onClick={() => way.go({ at: "menu" })}>
            <Icon name="menu" label={say("menu")} />
          </button>
        </div>
        <button class="net" type="button" onClick={() => way.go({ at: "outbox" })}>
          <Icon name={phone.waiting > 0 ? "cloud-off" : "check-check"} />
          <span role="status">{standingWords(phone, say)}</span>
        </button>
      </header>
      <main class="phone-main" id="main">
        <Said />
        {children}
      </main>
      <footer class="phone-end">
        {main}
        <Tabs />
      </footer>
    </div>
  );
}

function lock(phone: ReturnType<typeof useHouse>["phone"], way: ReturnType<typeof useHouse>["way"]): void {
  way.reset();
  phone.lock();
}

/** Where to sign in, and then back to the app. */
export function signInAddress(phone: ReturnType<typeof useHouse>["phone"]): string {
  return `${phone.me?.sign_in ?? "/accounts/sign-in/"}?next=/field/app/`;
}

/** "All arrived · 09:41", "3 saved on this phone, waiting for a signal". */
export function standingWords(
  phone: ReturnType<typeof useHouse>["phone"],
  say: ReturnType<typeof useHouse>["say"],
): string {
  const { waiting, heardAt, courier } = phone;
  if (waiting === 0) {
    const at = Math.max(heardAt ?? 0, courier.spokeAt ?? 0);
    return at ? say("all_arrived_at", { time: phone.words.time(at) }) : say("all_arrived");
  }
  if (courier.sending) return say("sending", { n: waiting });
  if (navigator.onLine === false) return say("waiting_signal", { n: waiting });
  if (courier.nextAt > Date.now())
    return say("waiting_try", { n: waiting, time: phone.words.time(courier.nextAt) });
  return say("waiting_signal", { n: waiting });
}

/** What was just done, with a way back; and what could not be saved, until somebody has seen it. */
function Said() {
  const { phone, say } = useHouse();
  const { notice } = phone;
  return (
    <div class="said">
      {phone.unsaved && (
        <Note tone="need" icon="triangle-alert" title={say("not_saved")} alert>
          <p>{say("not_saved_hint")}</p>
          <p>
            <Button label={say("noted_on_paper")} kind="quiet" press={() => phone.seenUnsaved()} />
          </p>
        </Note>
      )}
      {phone.danger !== null && <LifePanel about={phone.danger} done={() => phone.hasRung()} />}
      <div role="status">
        {notice && (
          <div class={`note-box note-box-${notice.tone} said-now`}>
            <Icon name={notice.tone === "calm" ? "check" : "triangle-alert"} />
            <p class="grow">{say(notice.key, notice.values)}</p>
            {notice.undo && (
              <Button label={say("take_back")} icon="undo-2" kind="quiet" press={notice.undo} />
            )}
          </div>
        )}
      </div>
      {phone.needsSignIn && (
        <Note tone="need" icon="user" title={say("sign_in_again")}>
          <p>{say("sign_in_again_hint")}</p>
          <p>
            <a class="btn btn-quiet" href={signInAddress(phone)}>
              {say("sign_in")}
            </a>
          </p>
        </Note>
      )}
    </div>
  );
}

interface Tab {
  screen: Screen;
  icon: IconName;
  key: Key;
}

const TABS: Tab[] = [
  { screen: { at: "work" }, icon: "clipboard-list", key: "my_work" },
  { screen: { at: "rounds" }, icon: "list-checks", key: "rounds" },
  { screen: { at: "homes" }, icon: "house", key: "homes" },
  { screen: { at: "outbox" }, icon: "send", key: "saved_here" },
];

function Tabs() {
  const { phone, way, say } = useHouse();
  // Most users look after no doors, and three tabs are larger than four.
  const looksAfterDoors = (phone.snapshot?.homes ?? []).length > 0;
  return (
    <nav class="tabs" aria-label={say("screens")}>
      {TABS.filter(({ key }) => key !== "homes" || looksAfterDoors).map(({ screen, icon, key }) => (
        <button
          type="button"
          key={key}
          aria-current={way.here.at === screen.at ? "page" : undefined}
          onClick={() => {
            phone.tell(null);
            way.reset(screen);
          }}
        >
          <Icon name={icon} />
          <span>{say(key)}</span>
        </button>
      ))}
    </nav>
  );
}
