/** Which screen is shown. The address never changes, so that it holds nothing; the phone's own back key works. */

import type { Pending } from "../rounds/marking";

/** Where one left the list of doors: coming back, one goes on there. */
export interface LeftAt {
  typed: string;
  household: string;
}

export type Screen =
  | { at: "work" }
  | { at: "job"; key: string }
  | { at: "finish"; key: string }
  | { at: "could_not"; key: string }
  | { at: "rounds" }
  /** `work`: the key of a walking list, which holds a part of the roster. */
  | { at: "round"; round: string; work?: string }
  | { at: "entry"; round: string; entry: string }
  | { at: "ask"; pending: Pending }
  | { at: "scan"; round: string }
  | { at: "tube"; round: string; barcode: string }
  | { at: "walk_in"; round: string }
  | { at: "trouble"; round: string; entry: string | null }
  | { at: "homes"; left?: LeftAt }
  | { at: "put_right"; household: string; person: string }
  | { at: "hands" }
  | { at: "run"; run: string }
  | { at: "outbox" }
  | { at: "menu" };

export class Way {
  private stack: Screen[] = [{ at: "work" }];
  /** Before another screen is gone to: what was said on this one is not said there. */
  leaving: () => void = () => {};
  private readonly listeners = new Set<() => void>();

  constructor() {
    addEventListener("popstate", () => {
      if (this.stack.length > 1) this.stack.pop();
      this.changed();
    });
  }

  get here(): Screen {
    return this.stack[this.stack.length - 1] ?? { at: "work" };
  }

  get deep(): boolean {
    return this.stack.length > 1;
  }

  go(screen: Screen): void {
    this.leaving();
    this.stack.push(screen);
    history.pushState(null, "");
    this.changed();
  }

  /** In place of this one: going back leads past it. */
  replace(screen: Screen): void {
    this.stack[this.stack.length - 1] = screen;
    this.changed();
  }

  back(): void {
    if (this.stack.length > 1) history.back();
  }

  /** One of the tabs: everything above it is forgotten. */
  reset(screen: Screen = { at: "work" }): void {
    this.stack = [screen];
    this.changed();
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
    scrollTo(0, 0);
  }
}
