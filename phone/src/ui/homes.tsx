/** The doors one looks after, stairwell by stairwell, and who lives there: a name leads to what can be put right. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Household, householdsFor, householdsOf, stairwellsOf } from "../homes/register";
import { doorOf } from "../walk";
import { Frame } from "./frame";
import { Button, Empty, Field, useHouse } from "./kit";
import { FOLD_FROM, Stairwell } from "./stairwell";
import type { LeftAt } from "./way";
import { NothingFetched } from "./work";

export function Homes({ left }: { left: LeftAt | undefined }) {
  const { phone, way, say } = useHouse();
  const [typed, type] = useState(left?.typed ?? "");
  const all = householdsOf(phone.snapshot, phone.own);
  if (!phone.snapshot)
    return (
      <Frame title={say("homes")}>
        <NothingFetched />
      </Frame>
    );
  if (all.length === 0) return <HomeGone />;
  const wanted = typed.trim() ? householdsFor(all, typed) : all;
  const sections = stairwellsOf(wanted);
  const fold = wanted.length > FOLD_FROM && sections.length > 1;
  const isLeft = ({ home }: Household) => home.id === left?.household;
  const open = (household: string, person: string) => {
    way.replace({ at: "homes", left: { typed, household } });
    way.go({ at: "put_right", household, person });
  };
  return (
    <Frame title={`${say("homes")} · ${all.length}`}>
      <p class="dim">{say("homes_hint")}</p>
      <Field label={say("find_on_roster")} value={typed} change={type} done="search" most={40} />
      {sections.map(({ name, lines }) => (
        <Stairwell
          key={name}
          name={name || say("homes")}
          count={say("n_doors", { n: lines.length })}
          fold={fold}
          begun={lines.some(isLeft)}
        >
          {lines.map(household => (
            <Door key={household.home.id} household={household} open={open} left={isLeft(household)} />
          ))}
        </Stairwell>
      ))}
      {wanted.length === 0 && (
        <Empty icon="search" title={say("nobody_found")} hint={say("nobody_found_hint")} />
      )}
    </Frame>
  );
}

interface DoorProps {
  household: Household;
  open: (household: string, person: string) => void;
  left: boolean;
}

function Door({ household: { home, people }, open, left }: DoorProps) {
  const { say } = useHouse();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (left) row.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <li class="roster-row" ref={row}>
      <p>
        <b class="door" title={home.door}>
          {doorOf(home)}
        </b>{" "}
        {home.floor !== null && <span class="dim nb small">{say("floor", { n: home.floor })}</span>}
      </p>
      {people.length === 0 && <p class="dim">{say("nobody_at_door")}</p>}
      <ul class="people">
        {people.map(({ person, name, unsent }) => (
          <li key={person.id}>
            <Button label={name} kind="quiet" press={() => open(home.id, person.id)} />
            {unsent && (
              <p class="row small">
                <span class="tag tag-note">{say("not_arrived")}</span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

export function HomeGone() {
  const { way, say } = useHouse();
  return (
    <Frame title={say("homes")} main={<Button label={say("to_my_work")} big press={() => way.reset()} />}>
      <Empty icon="house" title={say("home_gone")} hint={say("home_gone_hint")} />
    </Frame>
  );
}
