/** What the app says. All of it comes from the program's own translations, in three languages, and is kept for
 * work without a signal. This list is what the screens may ask for; a test compares it with what is given. */

import type { KEYS } from "./keys_of_words";

export type Key = (typeof KEYS)[number];
export type Language = "zh-hans" | "zh-hant" | "en";
export const LANGUAGES: readonly Language[] = ["zh-hans", "zh-hant", "en"];

export class Words {
  constructor(
    readonly language: Language,
    private readonly given: Record<string, string>,
  ) {}

  say(key: Key, values: Record<string, string | number> = {}): string {
    const text = this.given[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }

  /** 09:41 today, else with the date. */
  time(at: number | string): string {
    const when = new Date(at);
    const sameDay = when.toDateString() === new Date().toDateString();
    const locale = this.language === "en" ? "en-GB" : this.language === "zh-hant" ? "zh-TW" : "zh-CN";
    const clock = { hour: "2-digit", minute: "2-digit", hour12: false } as const;
    return when.toLocaleString(locale, sameDay ? clock : { month: "short", day: "numeric", ...clock });
  }
}

/** The language that was chosen here, else the account's or the browser's. */
export function languageFor(chosen: string | null, ours: readonly string[]): Language {
  for (const wish of [chosen, ...ours]) {
    const low = wish?.toLowerCase() ?? "";
    if (/^zh-(hant|tw|hk|mo)/.test(low)) return "zh-hant";
    if (low.startsWith("zh")) return "zh-hans";
    if (low.startsWith("en")) return "en";
  }
  return "zh-hans";
}

export async function wordsIn(language: Language, address: string): Promise<Words> {
  const answer = await fetch(`${address}?language=${language}`);
  if (!answer.ok) throw new Error(`no words: ${answer.status}`);
  return new Words(language, (await answer.json()) as Record<string, string>);
}
