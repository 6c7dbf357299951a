/** A small real server over http that keeps receipts as docs/offline.md has it, and can be made to fail. */

import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { fromBase64 } from "../src/bytes";
import { commandBound, keyFrom, openText } from "../src/keys";
import type { Command, Receipt, Travelling } from "../src/wire";

/** What happens to a request: answered, never arrived, arrived but the answer is lost, refused with a status. */
export type Fate = "answered" | "lost" | "unanswered" | number;

export class TestServer {
  readonly devices = new Map<string, { user: string; key: CryptoKey }>();
  /** What was applied, in order, opened. */
  readonly applied: Command[] = [];
  readonly sealed = new Map<string, string>();
  readonly batches: Travelling[][] = [];
  user: { id: string; name: string } | null = { id: "u1", name: "张敏" };
  pulled: unknown = null;
  pulls = 0;
  retryAfter = "";
  fate: (path: string) => Fate = () => "answered";
  judge: (command: Command, id: string) => Partial<Receipt> = () => ({ status: "accepted" });
  base = "";
  private http: HttpServer | null = null;

  async listen(): Promise<void> {
    this.http = createServer((request, response) => void this.meet(request, response));
    await new Promise<void>(done => this.http?.listen(0, "127.0.0.1", done));
    this.base = `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/field/phone/`;
  }

  async close(): Promise<void> {
    this.http?.closeAllConnections();
    await new Promise(done => this.http?.close(done));
  }

  private async meet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace("/field/phone/", "");
    const fate = this.fate(path);
    if (fate === "lost") return void request.socket.destroy();
    let text = "";
    for await (const piece of request) text += piece;
    const answer =
      typeof fate === "number"
        ? { status: fate, json: {} }
        : await this.answer(path, text ? JSON.parse(text) : {});
    if (fate === "unanswered") return void request.socket.destroy();
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.retryAfter && answer.status >= 400) headers["Retry-After"] = this.retryAfter;
    response.writeHead(answer.status, headers).end(JSON.stringify(answer.json));
  }

  private async answer(
    path: string,
    body: Record<string, unknown>,
  ): Promise<{ status: number; json: unknown }> {
    const now = new Date().toISOString();
    if (path === "me/") {
      const signed = this.user !== null;
      return {
        status: 200,
        json: { signed_in: signed, csrf: "c", user: this.user, sign_in: "/in/", language: "zh-hans", now },
      };
    }
    if (path === "enrol/") return this.enrol(body as { device: string; key: string }, now);
    if (path === "pull/") {
      this.pulls += 1;
      return this.user ? { status: 200, json: this.pulled } : { status: 401, json: {} };
    }
    const commands = body.commands as Travelling[];
    this.batches.push(commands);
    const receipts = [];
    for (const command of commands) receipts.push(await this.receive(command));
    return { status: 200, json: { receipts, now } };
  }

  private async enrol({ device, key }: { device: string; key: string }, now: string) {
    if (!this.user) return { status: 403, json: {} };
    this.devices.set(device, { user: this.user.id, key: await keyFrom(fromBase64(key)) });
    return { status: 200, json: { device, user: this.user, code_key: null, now } };
  }

  private async receive({ id, device, seq, sealed }: Travelling): Promise<Receipt> {
    const known = this.devices.get(device);
    if (!known) return { id, status: "unknown-device", reason: "", sentence: "" };
    if (this.sealed.has(id)) return { id, status: "duplicate", reason: "", sentence: "" };
    const command = JSON.parse(await openText(known.key, sealed, commandBound(id, device, seq))) as Command;
    const receipt = {
      id,
      status: "accepted",
      reason: "",
      sentence: "",
      ...this.judge(command, id),
    } as Receipt;
    this.sealed.set(id, sealed);
    if (receipt.status === "accepted") this.applied.push(command);
    return receipt;
  }
}
