/** The shapes of docs/offline.md: what goes between the phone and the server. */

export type Instant = string;
export type Uuid = string;

export interface Me {
  signed_in: boolean;
  csrf: string;
  user: { id: Uuid; name: string } | null;
  sign_in: string;
  language: string;
  now: Instant;
}

export interface Enrolled {
  device: Uuid;
  user: { id: Uuid; name: string };
  code_key: string | null;
  now: Instant;
}

/** A command on its way: only this phone and the server can read `sealed`. */
export interface Travelling {
  id: Uuid;
  device: Uuid;
  seq: number;
  sealed: string;
}

export type Status = "accepted" | "duplicate" | "quarantined" | "unknown-device";

export interface Receipt {
  id: Uuid;
  status: Status;
  reason: string;
  sentence: string;
}

export interface Question {
  code: string;
  text: string;
  type: "yes_no" | "choice" | "choices" | "number" | "text" | "temperature";
  choices: { code: string; text: string }[];
  required: boolean;
  when: { code: string; is: (string | boolean)[] } | null;
  unit: string;
  min: number | null;
  max: number | null;
  /** The answers that are danger to life, and the number from which on one is; absent in what an older one said. */
  life?: (string | boolean)[];
  life_from?: number | null;
}

export type Answer = boolean | string | string[];
export type Answers = Record<string, Answer>;

export interface Round {
  id: Uuid;
  name: string;
  kind: string;
  tube_size: number | null;
  questions: Question[];
  states: string[];
  /** Absent in what an older server said, as all that follows. */
  whom?: "people" | "households" | "places" | "spots";
  /** It is done by ringing people up. */
  by_phone?: boolean;
  /** How it is done, in the user's language. */
  guidance?: string;
  /** The server's count of what this user may mark, and of what is open of it. */
  all?: number;
  open?: number;
  /** More entries than this phone was given. */
  cut?: boolean;
}

export interface Entry {
  id: Uuid;
  round: Uuid;
  building: string;
  door: string;
  floor: number | null;
  name: string;
  state: string;
  last: Uuid | null;
  tries: number;
  /** Two who did not know of each other said different things: a person looks at it. */
  disputed?: boolean;
  do: string[];
  codes: string[];
  /** Whom to ring in a round that is done by telephone; empty when there is no number. */
  phone?: string;
}

/** A mark of what the register said of each field when it was fetched. */
export interface Seen {
  name: string;
  phone: string;
}

export interface HomePerson {
  id: Uuid;
  name: string;
  seen: Seen;
}

/** A household that this user looks after. */
export interface Home {
  id: Uuid;
  door: string;
  floor: number | null;
  people: HomePerson[];
}

/** What may be said of somebody at their door, because a life may hang on it. */
export interface Safety {
  code: string;
  text: string;
}

/** Something in this user's hands, or handed to them. */
export interface Held {
  id: Uuid;
  kind: string;
  what: string;
  /** The door it belongs to; empty where it is the office's. */
  whose: string;
  since: Instant;
  due_at: Instant | null;
  state: string;
  /** Who is to take it and has not said so yet; empty when nobody is. */
  to: string;
  acts: string[];
  /** It is with somebody else by now, and one's own word that one gave it is missing. */
  gave?: boolean;
}

/** Where a delivery run stops, for one household. */
export interface DeliveryStop {
  id: Uuid;
  /** The stairwell: all who come down there are rung up together. */
  place: Uuid;
  door: string;
  name: string;
  /** Empty where nobody is to be rung. */
  phone: string;
  floor: number | null;
  to_door: boolean;
  cold: boolean;
  medicine: boolean;
  pieces: number;
  kg: string;
  /** The numbers on the labels. */
  numbers: string;
  due_at: Instant | null;
  state: string;
  /** How many of the household were told that the cart is there. */
  reached: number;
  tries: number;
}

/** A loaded cart. */
export interface DeliveryRun {
  id: Uuid;
  state: string;
  kg: string;
  ends_at: Instant;
  stops: DeliveryStop[];
}

export interface WorkItem {
  key: string;
  kind: string;
  title: string;
  door: string;
  small: string;
  url: string;
  rank: number;
  tone: string;
  tags: string[];
  due_at: Instant | null;
  waiting: boolean;
  subject: Uuid | null;
  acts: string[];
  /** It is done in the roster of this round; with entries, only in these. Absent in what an older server said. */
  round?: Uuid | null;
  entries?: Uuid[];
}

export interface Pulled {
  position: number;
  mark: string;
  now: Instant;
  keep_hours: number;
  stood_down: boolean;
  /** Whether the server still knows the device that asks. */
  known?: boolean;
  /** By which residents' codes are verified; absent when it has not changed since this phone was set up. */
  code_key?: string | null;
  work: WorkItem[];
  rounds: Round[];
  entries: Entry[];
  /** Absent in what an older server said, or was kept from one. */
  homes?: Home[];
  safety?: Safety[];
  hands?: Held[];
  runs?: DeliveryRun[];
}

export type Unchanged = { unchanged: true; position: number; now: Instant; known?: boolean };

export interface WalkIn {
  name: string;
  document: "id" | "passport" | "newborn" | "none";
  number: string;
  door: string;
  phone: string;
}

export type Who = { entry: Uuid } | { code: string } | { id_number: string } | { walk_in: WalkIn };

export interface Mark {
  round: Uuid;
  who: Who;
  state: string;
  note: string;
  tube: string;
  answers: Answers;
}

export interface Trouble {
  round: Uuid;
  entry: Uuid | null;
  category: string;
  words: string;
  /** Base64 of a small JPEG, or empty. */
  photo: string;
}

/** A field put right, and what its author had seen of it. */
export interface Word {
  value: string;
  seen: string;
}

export interface Amend {
  household: Uuid;
  person: Uuid;
  name: Word | null;
  phone: Word | null;
  safety: { kind: string; holds: boolean }[];
}

export interface Bodies {
  "rounds.mark": Mark;
  "rounds.trouble": Trouble;
  "help.take": { request: Uuid };
  "help.start": { request: Uuid };
  "help.attempt": { request: Uuid; outcome: string; note: string };
  "help.finish": { request: Uuid; note: string; photo: string };
  "people.amend": Amend;
  "goods.confirm_holding": { holding: Uuid };
  "goods.give_back": { holding: Uuid; to: string; photo: string };
  "goods.at_stairwell": { stop: Uuid };
  "goods.rung": { stop: Uuid };
  "goods.handed_over": { stop: Uuid; left: boolean; to: string; photo: string };
  "goods.not_handed": { stop: Uuid };
  "goods.nobody_there": { stop: Uuid; outcome: "nobody" | "not_wanted" };
  "goods.run_over": { run: Uuid };
}

export type Kind = keyof Bodies;

/** What is inside the seal. */
export type Command = {
  [K in Kind]: {
    actor: Uuid;
    kind: K;
    schema: 1;
    base: Uuid | null;
    made_at: Instant;
    body: Bodies[K];
  };
}[Kind];
