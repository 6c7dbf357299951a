/** Doors in the order in which one walks them, for whatever lies behind them. */

export interface Placed {
  door: string;
  floor: number | null;
  /** What a door is in whose name says no stairwell. */
  building?: string;
}

const byNumber = new Intl.Collator("zh", { numeric: true });

/** Stairwell by stairwell (its name begins with the building's), top floor down. */
export function asOneWalks(a: Placed, b: Placed): number {
  return (
    byNumber.compare(stairwellOf(a), stairwellOf(b)) ||
    (b.floor ?? -99) - (a.floor ?? -99) ||
    byNumber.compare(a.door, b.door)
  );
}

/** What stands before the door's own number: "8号楼 2单元 501" is in "8号楼 2单元". */
export function stairwellOf({ door, building }: Placed): string {
  const parts = door.trim().split(/\s+/);
  return parts.length > 1 ? parts.slice(0, -1).join(" ") : (building ?? "");
}

/** The door's own number: enough below a heading that says the stairwell. */
export function doorOf({ door }: Placed): string {
  return door.trim().split(/\s+/).at(-1) ?? door;
}

export interface Section<Line> {
  name: string;
  lines: Line[];
}

/** Lines that are sorted already, by stairwell. */
export function sectionsBy<Line>(lines: Line[], placeOf: (line: Line) => Placed): Section<Line>[] {
  const found: Section<Line>[] = [];
  for (const line of lines) {
    const name = stairwellOf(placeOf(line));
    const last = found.at(-1);
    if (last?.name === name) last.lines.push(line);
    else found.push({ name, lines: [line] });
  }
  return found;
}

/** Lines whose text has every word that was typed; the door's digits alone are enough. */
export function fitting<Line>(lines: Line[], typed: string, textOf: (line: Line) => string): Line[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return lines.filter(line => {
    const text = textOf(line).toLowerCase();
    return words.every(word => text.includes(word));
  });
}
