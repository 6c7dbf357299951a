/** Before anything is shown: who it is, by PIN. A locked app says who uses this phone and how much has not arrived. */

import { useState } from "preact/hooks";
import { faultOfPin } from "../keys";
import type { UserRow } from "../store/db";
import type { Key } from "../words";
import { signInAddress, standingWords } from "./frame";
import { Button, Field, Icon, Note, useHouse } from "./kit";

export function Gate() {
  const { phone, say } = useHouse();
  const [chosen, choose] = useState<string | null>(null);
  const known = phone.users.filter(user => user.wrapped);
  const signedIn = phone.me?.user;
  const fresh = signedIn && !known.some(user => user.id === signedIn.id) ? signedIn : null;
  const user = known.find(one => one.id === chosen) ?? (known.length === 1 && !fresh ? known[0] : undefined);
  return (
    <div class="plain">
      <main class="plain-card" id="main">
        <h1>{say("app_name")}</h1>
        {chosen !== "new" && user && <Unlock key={user.id} user={user} />}
        {chosen !== "new" && !user && known.length > 0 && <Users users={known} choose={choose} />}
        {fresh && (chosen === "new" || known.length === 0) && <SetUp name={fresh.name} />}
        {fresh && chosen !== "new" && known.length > 0 && (
          <Button
            label={say("set_up_for", { name: fresh.name })}
            icon="user-plus"
            press={() => choose("new")}
            big
          />
        )}
        {!fresh && (known.length === 0 || chosen === "new") && <NobodyYet />}
        {known.length > 0 && !fresh && chosen !== "new" && (
          <Button label={say("another_user")} kind="bare" icon="user-plus" press={() => choose("new")} />
        )}
        {chosen === "new" && known.length > 0 && (
          <Button label={say("back")} kind="bare" icon="arrow-left" press={() => choose(null)} />
        )}
        {(known.length > 0 || phone.waiting > 0) && (
          <p class="dim small row" role="status">
            <Icon name={phone.waiting > 0 ? "cloud-off" : "check-check"} />
            {standingWords(phone, say)}
          </p>
        )}
        <p class="small">
          <a href="/field/">{say("simple_pages")}</a>
        </p>
      </main>
    </div>
  );
}

function Users({ users, choose }: { users: UserRow[]; choose: (id: string) => void }) {
  const { say } = useHouse();
  return (
    <div class="stack-s">
      <h2>{say("who_are_you")}</h2>
      {users.map(user => (
        <Button key={user.id} label={user.name} icon="user" kind="quiet" big press={() => choose(user.id)} />
      ))}
    </div>
  );
}

function Unlock({ user }: { user: UserRow }) {
  const { phone, say } = useHouse();
  const [pin, type] = useState("");
  const [error, fail] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy || pin === "") return;
    setBusy(true);
    const tried = await phone.unlock(user.id, pin).catch(() => null);
    setBusy(false);
    if (tried && "unlocked" in tried) return;
    type("");
    fail(
      tried === null
        ? say("storage_broken")
        : tried.left > 0
          ? say("pin_wrong", { n: tried.left })
          : say("pin_gone"),
    );
  };
  return (
    <form class="form" onSubmit={send}>
      <Field
        label={say("pin_of", { name: user.name })}
        value={pin}
        change={type}
        error={error}
        type="password"
        mode="numeric"
        most={20}
        focus
      />
      <Button label={busy ? say("opening") : say("unlock")} icon="lock" submit big off={busy} />
    </form>
  );
}

function SetUp({ name }: { name: string }) {
  const { phone, say } = useHouse();
  const [pin, type] = useState("");
  const [again, typeAgain] = useState("");
  const [fault, fail] = useState<Key | null>(null);
  const [busy, setBusy] = useState(false);
  const lost = localStorage.getItem("used") === "yes" && phone.users.length === 0;
  const send = async (event: Event) => {
    event.preventDefault();
    const wrong = faultOfPin(pin) ?? (pin === again ? null : "pin_differs");
    fail(wrong);
    if (wrong || busy) return;
    setBusy(true);
    fail(await phone.setUp(pin, deviceName()));
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={send}>
      {lost && (
        <Note
          tone="need"
          icon="triangle-alert"
          title={say("storage_lost")}
          children={<p>{say("storage_lost_hint")}</p>}
        />
      )}
      <h2>{say("set_up_for", { name })}</h2>
      <p>{say("pin_why")}</p>
      <Field
        label={say("pin_new")}
        hint={say("pin_hint")}
        value={pin}
        change={type}
        error={fault?.startsWith("pin_") && fault !== "pin_differs" ? say(fault) : undefined}
        type="password"
        mode="numeric"
        most={20}
      />
      <Field
        label={say("pin_again")}
        value={again}
        change={typeAgain}
        error={fault === "pin_differs" ? say(fault) : undefined}
        type="password"
        mode="numeric"
        most={20}
      />
      {fault && !fault.startsWith("pin_") && (
        <Note tone="need" icon="triangle-alert" title={say(fault)} alert />
      )}
      <Button label={busy ? say("opening") : say("set_up")} submit big off={busy} />
    </form>
  );
}

/** What to call this phone in its owner's list: no more than the kind of machine. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const kind = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? "";
  return kind || "phone";
}

function NobodyYet() {
  const { phone, say } = useHouse();
  if (!phone.me)
    return (
      <Note tone="need" icon="cloud-off" title={say("needs_signal_once")}>
        <p>{say("needs_signal_once_hint")}</p>
        <p>
          <Button label={say("try_again")} kind="quiet" press={() => phone.refresh(true)} />
        </p>
      </Note>
    );
  const known = phone.users.length > 0;
  return (
    <div class="stack">
      <p>{say(known ? "sign_in_other_hint" : "sign_in_first_hint")}</p>
      <a class="btn btn-big" href={signInAddress(phone)}>
        {say("sign_in")}
      </a>
    </div>
  );
}
