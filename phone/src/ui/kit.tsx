/** Small parts, in the dress of the house (shouwang/ui). */

import { type ComponentChildren, createContext, h } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import type { Phone } from "../phone";
import type { Key } from "../words";
import { type IconName, SHAPES } from "./shapes";
import type { Way } from "./way";

export interface House {
  phone: Phone;
  way: Way;
  say: (key: Key, values?: Record<string, string | number>) => string;
}

export const HouseContext = createContext<House | null>(null);

export function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error("outside the house");
  return house;
}

/** Draws anew whenever what is listened to changes. */
export function useNews(...sources: { listen(listener: () => void): () => void }[]): void {
  const [, turn] = useState(0);
  useEffect(() => {
    const ends = sources.map(source => source.listen(() => turn(count => count + 1)));
    return () => {
      for (const end of ends) end();
    };
  }, sources);
}

export function Icon({ name, label }: { name: IconName; label?: string }) {
  const shapes = SHAPES[name].map(([tag, look], key) => h(tag, { ...look, key: `${tag}${key}` }));
  const look = {
    class: "icon",
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 2,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  } as const;
  return label ? (
    <svg {...look} role="img" aria-label={label}>
      {shapes}
    </svg>
  ) : (
    <svg {...look} aria-hidden="true">
      {shapes}
    </svg>
  );
}

interface ButtonProps {
  label: string;
  icon?: IconName;
  kind?: "" | "quiet" | "bare" | "danger";
  big?: boolean;
  press?: () => unknown;
  submit?: boolean;
  off?: boolean;
}

/** While what a press began is under way, the button cannot be pressed again. */
export function Button({ label, icon, kind = "", big, press, submit, off }: ButtonProps) {
  const [busy, setBusy] = useState(false);
  const here = useRef(true);
  useEffect(
    () => () => {
      here.current = false;
    },
    [],
  );
  const pressed = async () => {
    if (busy || !press) return;
    setBusy(true);
    try {
      await press();
    } finally {
      if (here.current) setBusy(false);
    }
  };
  return (
    <button
      type={submit ? "submit" : "button"}
      class={["btn", kind && `btn-${kind}`, big && "btn-big"].filter(Boolean).join(" ")}
      disabled={off || busy}
      onClick={submit ? undefined : pressed}
    >
      {icon && <Icon name={icon} />}
      {label}
    </button>
  );
}

export function Note(props: {
  tone?: "calm" | "need" | "note" | "danger";
  icon?: IconName;
  title: string;
  alert?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class={`note-box note-box-${props.tone ?? "note"}`} role={props.alert ? "alert" : undefined}>
      {props.icon && <Icon name={props.icon} />}
      <div class="stack-s grow">
        <p class="note-head">{props.title}</p>
        {props.children}
      </div>
    </div>
  );
}

export function Empty({ icon, title, hint }: { icon: IconName; title: string; hint: string }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      <p>{hint}</p>
    </div>
  );
}

interface FieldProps {
  label: string;
  value: string;
  change: (value: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  type?: "text" | "password" | "tel";
  mode?: "text" | "tel" | "numeric" | "decimal" | "none";
  lines?: number;
  focus?: boolean;
  most?: number;
  done?: "done" | "next" | "search" | "send";
}

export function Field(props: FieldProps) {
  const id = useId();
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (props.focus) box.current?.focus();
  }, [props.focus]);
  const said = [props.hint && `${id}-h`, props.error && `${id}-e`].filter(Boolean).join(" ");
  const common = {
    id,
    ref: box,
    class: "input",
    value: props.value,
    maxLength: props.most ?? 300,
    autoComplete: "off",
    autoCapitalize: "off",
    spellcheck: false,
    enterKeyHint: props.done ?? "done",
    "aria-describedby": said || undefined,
    "aria-invalid": props.error ? true : undefined,
    onInput: (event: Event) => props.change((event.target as HTMLInputElement).value),
  } as const;
  return (
    <div class={`field${props.error ? " has-error" : ""}`}>
      <label for={id}>{props.label}</label>
      {props.hint && (
        <p class="hint" id={`${id}-h`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p class="field-error" id={`${id}-e`} role="alert">
          {props.error}
        </p>
      )}
      {props.lines ? (
        <textarea {...common} rows={props.lines} />
      ) : (
        <input {...common} type={props.type ?? "text"} inputMode={props.mode ?? "text"} />
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  choices: { value: string; label: string }[];
  chosen: string[];
  choose: (value: string) => void;
  many?: boolean;
  error?: string | undefined;
  /** In one row, each as wide as it needs; "named" when what they are about must be seen above them. */
  segments?: boolean | "named";
}

export function Choices(props: ChoiceProps) {
  const error = useId();
  const { name, many } = props;
  return (
    <fieldset
      class={`field${props.error ? " has-error" : ""}`}
      aria-describedby={props.error ? error : undefined}
    >
      <legend class={props.segments === true ? "sr" : undefined}>{props.label}</legend>
      {props.error && (
        <p class="field-error" id={error} role="alert">
          {props.error}
        </p>
      )}
      <div class={props.segments ? "segments" : "choices"}>
        {props.choices.map(({ value, label }) => (
          <label class={props.segments ? undefined : "choice"} key={value}>
            <input
              type={many ? "checkbox" : "radio"}
              name={name}
              value={value}
              checked={props.chosen.includes(value)}
              onChange={() => props.choose(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Bar({ done, all }: { done: number; all: number }) {
  const part = all > 0 ? (100 * done) / all : 0;
  return (
    <svg class="bar bar-big" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="done" width={part} height="10" />
    </svg>
  );
}
