/** Asking the server. Every answer becomes a Reply; nothing here throws because a signal is missing. */

import type { Enrolled, Me, Pulled, Receipt, Travelling, Unchanged } from "../wire";

export interface Reply {
  /** 0 when no answer came, or one that leads elsewhere. */
  status: number;
  json: unknown;
  /** Milliseconds that the server asks to be left alone; 0 when it does not say. */
  pause: number;
}

export const NO_REPLY: Reply = { status: 0, json: null, pause: 0 };
const PATIENCE_MS = 30_000;

export class Server {
  /** The token that a signed-in user's requests carry; from the last answer to me(). */
  private csrf = "";

  constructor(private readonly base: string) {}

  async me(): Promise<Me | null> {
    const reply = await this.ask("GET", "me/");
    if (reply.status !== 200 || !isObject(reply.json)) return null;
    const me = reply.json as unknown as Me;
    this.csrf = me.csrf;
    return me;
  }

  async enrol(device: string, key: string, name: string): Promise<Enrolled | number> {
    const reply = await this.ask("POST", "enrol/", { device, key, name });
    return reply.status === 200 && isObject(reply.json) ? (reply.json as unknown as Enrolled) : reply.status;
  }

  /** Receipts, or why there are none. */
  async sync(commands: Travelling[]): Promise<{ receipts: Receipt[] | null; reply: Reply }> {
    const reply = await this.ask("POST", "sync/", { commands });
    const receipts = isObject(reply.json) && reply.status === 200 ? reply.json.receipts : null;
    return { receipts: Array.isArray(receipts) ? (receipts as Receipt[]) : null, reply };
  }

  async pull(device: string, before: Pulled | null): Promise<Pulled | Unchanged | number> {
    const reply = await this.ask(
      "POST",
      "pull/",
      before ? { device, after: before.position, mark: before.mark } : { device },
    );
    if (reply.status === 200 && isObject(reply.json) && "position" in reply.json)
      return reply.json as unknown as Pulled | Unchanged;
    return reply.status === 200 ? 0 : reply.status;
  }

  private async ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const headers: Record<string, string> = { Accept: "application/json" };
      if (body !== undefined) headers["Content-Type"] = "application/json";
      if (this.csrf) headers["X-CSRFToken"] = this.csrf;
      const answer = await fetch(this.base + path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        // A sign-in page is no answer: whoever is sent there is not signed in.
        redirect: "manual",
        cache: "no-store",
        credentials: "same-origin",
        signal: stop.signal,
      });
      if (answer.type === "opaqueredirect") return { ...NO_REPLY, status: 401 };
      return { status: answer.status, json: await jsonOf(answer), pause: pauseOf(answer) };
    } catch {
      return NO_REPLY;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function jsonOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function pauseOf(answer: Response): number {
  const seconds = Number(answer.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
