/** Tubes: which one is open, how many are in it, and who. All of it follows from this phone's own marks. */

import type { MarkOwn } from "./roster";

export interface Tube {
  barcode: string;
  /** Marks that are in it, oldest first. */
  inside: MarkOwn[];
}

/** The newest word of each person, in order; what was taken back or set aside is not in any tube. */
export function present(marks: MarkOwn[]): MarkOwn[] {
  const newest = new Map<string, MarkOwn>();
  for (const mark of marks) {
    if (mark.row.state === "aside") continue;
    const key = JSON.stringify(mark.command.body.who);
    newest.delete(key);
    newest.set(key, mark);
  }
  return [...newest.values()].filter(mark => mark.command.body.state !== "waiting");
}

export function tubeOf(marks: MarkOwn[], barcode: string): Tube {
  return { barcode, inside: present(marks).filter(mark => mark.command.body.tube === barcode) };
}

/** The tube that was being filled when the app was last open; null when there was none or it is full. */
export function openTube(marks: MarkOwn[], size: number): string | null {
  const last = present(marks).at(-1)?.command.body.tube;
  return last && tubeOf(marks, last).inside.length < size ? last : null;
}

export const isFull = (tube: Tube, size: number): boolean => tube.inside.length >= size;
