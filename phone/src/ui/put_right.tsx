/** What the register says of one person, put right at their door. */

import { useState } from "preact/hooks";
import { amendOf, faultsOf, type Typed, untouched } from "../homes/amending";
import { type AtHome, atHome, labelOf } from "../homes/register";
import { Frame } from "./frame";
import { HomeGone } from "./homes";
import { Button, Choices, Field, Note, useHouse } from "./kit";

interface PutRightProps {
  household: string;
  person: string;
}

export function PutRight({ household, person }: PutRightProps) {
  const { phone } = useHouse();
  const now = atHome(phone.snapshot, phone.own, household, person);
  // What is fetched while somebody types is not what they have seen: the form stays with what was shown to them.
  const [shown] = useState(now);
  return now && shown ? <Form at={shown} unsent={now.dweller.unsent} /> : <HomeGone />;
}

function Form({ at, unsent }: { at: AtHome; unsent: boolean }) {
  const { phone, way, say } = useHouse();
  const [typed, set] = useState(untouched(at));
  const [tried, setTried] = useState(false);
  const type = (more: Partial<Typed>) => {
    set({ ...typed, ...more });
    setTried(false);
  };
  const { name, phone: number } = faultsOf(typed);
  const body = amendOf(at, typed);
  const save = async () => {
    setTried(true);
    if (!body || name || number) return;
    if (!(await phone.record({ kind: "people.amend", body, base: null }))) return;
    const who = labelOf({ ...at, dweller: { ...at.dweller, name: typed.name.trim() } });
    phone.tell({ key: "saved_of", values: { who }, tone: "calm" });
    way.back();
  };
  return (
    <Frame
      title={say("put_right")}
      main={
        <div class="stack-s">
          {tried && !body && <Note tone="need" icon="triangle-alert" title={say("nothing_changed")} alert />}
          <Button label={say("save")} icon="check" big press={save} />
        </div>
      }
    >
      <section class="job">
        <h2>{labelOf(at)}</h2>
        {unsent && (
          <p class="row">
            <span class="tag tag-note">{say("not_arrived")}</span>
          </p>
        )}
        <p class="dim">{say("put_right_note")}</p>
      </section>
      <div class="form">
        <Field
          label={say("name")}
          value={typed.name}
          change={value => type({ name: value })}
          error={tried && name ? say(name) : undefined}
          focus={tried && name !== null}
          most={60}
        />
        <Field
          label={say("telephone")}
          hint={say("telephone_hint")}
          value={typed.phone}
          change={value => type({ phone: value })}
          error={tried && number ? say(number) : undefined}
          focus={tried && name === null && number !== null}
          type="tel"
          mode="tel"
          most={20}
        />
        <SafetyWords said={typed.safety} change={safety => type({ safety })} />
      </div>
    </Frame>
  );
}

interface SafetyProps {
  said: Typed["safety"];
  change: (said: Typed["safety"]) => void;
}

function SafetyWords({ said, change }: SafetyProps) {
  const { phone, say } = useHouse();
  const kinds = phone.snapshot?.safety ?? [];
  if (kinds.length === 0) return null;
  const choose = (code: string, holds: string) => {
    const { [code]: _before, ...others } = said;
    change(holds === "" ? others : { ...others, [code]: holds === "yes" });
  };
  const chosen = (code: string) => (code in said ? (said[code] ? "yes" : "no") : "");
  return (
    <>
      <div class="stack-s">
        <h2>{say("safety")}</h2>
        <p class="hint">{say("safety_hint")}</p>
      </div>
      {kinds.map(({ code, text }) => (
        <Choices
          key={code}
          label={text}
          name={code}
          segments="named"
          choices={[
            { value: "", label: say("safety_unsaid") },
            { value: "yes", label: say("safety_holds") },
            { value: "no", label: say("safety_ended") },
          ]}
          chosen={[chosen(code)]}
          choose={holds => choose(code, holds)}
        />
      ))}
    </>
  );
}
