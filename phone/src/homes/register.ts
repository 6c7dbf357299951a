/** The doors one looks after: what the server last said of them, and over it what was put right at this phone since. */

import { stillCounts } from "../rounds/roster";
import type { Snapshot } from "../store/cache";
import type { Own } from "../store/outbox";
import { asOneWalks, fitting, type Section, sectionsBy } from "../walk";
import type { Home, HomePerson, Seen, Uuid } from "../wire";

export interface Dweller {
  person: HomePerson;
  name: string;
  /** What a word about each field has seen: the server's mark, or one's own earlier word. */
  seen: Seen;
  /** Something was said of this person here and has not arrived. */
  unsent: boolean;
}

export interface Household {
  home: Home;
  people: Dweller[];
}

export interface AmendOwn extends Own {
  command: Extract<Own["command"], { kind: "people.amend" }>;
}

/** What was put right here and is not yet in what was fetched. */
const standing = (snapshot: Snapshot | null, own: Own[]): AmendOwn[] =>
  own.filter((one): one is AmendOwn => one.command.kind === "people.amend" && stillCounts(one, snapshot));

/** As one walks them. */
export function householdsOf(snapshot: Snapshot | null, own: Own[]): Household[] {
  const said = standing(snapshot, own);
  return (snapshot?.homes ?? [])
    .map(home => ({ home, people: home.people.map(person => dwellerOf(person, said)) }))
    .sort((a, b) => asOneWalks(a.home, b.home));
}

function dwellerOf(person: HomePerson, all: AmendOwn[]): Dweller {
  const said = all.filter(one => one.command.body.person === person.id);
  const name = lastOn("name", said);
  return {
    person,
    name: name?.command.body.name?.value ?? person.name,
    seen: { name: seenOf(name, person.seen.name), phone: seenOf(lastOn("phone", said), person.seen.phone) },
    unsent: said.some(one => one.row.state === "waiting"),
  };
}

const lastOn = (field: keyof Seen, said: AmendOwn[]): AmendOwn | undefined =>
  said.filter(one => one.command.body[field] !== null).at(-1);

/** The mark that was fetched is older than one's own word, which must not look like somebody else's. */
const seenOf = (word: AmendOwn | undefined, mark: string): string => (word ? `own:${word.row.id}` : mark);

export const stairwellsOf = (households: Household[]): Section<Household>[] =>
  sectionsBy(households, ({ home }) => home);

/** By door, by the name that is shown, and by the one that the register still has. */
export const householdsFor = (households: Household[], typed: string): Household[] =>
  fitting(households, typed, ({ home, people }) =>
    [home.door, ...people.flatMap(({ name, person }) => [name, person.name])].join(" "),
  );

export interface AtHome {
  home: Home;
  dweller: Dweller;
}

export function atHome(snapshot: Snapshot | null, own: Own[], household: Uuid, person: Uuid): AtHome | null {
  const home = snapshot?.homes?.find(one => one.id === household);
  const found = home?.people.find(one => one.id === person);
  return home && found ? { home, dweller: dwellerOf(found, standing(snapshot, own)) } : null;
}

/** By the newest name that this phone knows. */
export const labelOf = ({ home, dweller }: AtHome): string => `${home.door} ${dweller.name}`.trim();
