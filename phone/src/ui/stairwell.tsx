/** The doors of one stairwell under its name; folded, only what is opened is drawn. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** More lines than this are folded by stairwell, so that a phone draws only what is looked at. */
export const FOLD_FROM = 40;

interface StairwellProps {
  name: string;
  count: string;
  fold: boolean;
  /** Folded, but open at first. */
  begun?: boolean;
  children: ComponentChildren;
}

export function Stairwell({ name, count, fold, begun, children }: StairwellProps) {
  const [open, setOpen] = useState(!fold || begun === true);
  const rows = <ul class="queue">{children}</ul>;
  if (!fold)
    return (
      <section class="card">
        <header>
          <h2 class="door">{name}</h2>
        </header>
        {rows}
      </section>
    );
  return (
    <details class="card" open={open} onToggle={event => setOpen((event.target as HTMLDetailsElement).open)}>
      <summary>
        <span class="door">{name}</span> <span class="dim">{count}</span>
      </summary>
      {open && rows}
    </details>
  );
}
