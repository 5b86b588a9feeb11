/** The interface for programs, on behalf of the owner. Used to prepare, never to judge. */
import type { APIRequestContext, APIResponse } from "@playwright/test";

/** An inbox, as far as journeys need it. */
export interface Inbox {
  id: number;
  key: string;
  name: string;
}

/** The REST interface. It has several tokens and uses them in turn, since each may ask so often only. */
export class Api {
  private turn = 0;

  constructor(
    private readonly request: APIRequestContext,
    private readonly origin: string,
    private readonly tokens: readonly string[],
  ) {}

  /** Reads. */
  async get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  /** Creates or does. */
  async post<T>(path: string, data: object = {}): Promise<T> {
    return this.call<T>("POST", path, data);
  }

  /** Changes. */
  async patch<T>(path: string, data: object): Promise<T> {
    return this.call<T>("PATCH", path, data);
  }

  /** Replaces. */
  async put<T>(path: string, data: object): Promise<T> {
    return this.call<T>("PUT", path, data);
  }

  /** Creates, or finds that the server takes no such thing. */
  async tryPost<T>(path: string, data: object): Promise<T | undefined> {
    const answer = await this.send("POST", path, data);
    // Wrong in itself, or there already.
    if (answer.status() === 422 || answer.status() === 409) return undefined;
    if (!answer.ok()) throw new Error(`POST ${path} answered ${answer.status()}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Changes, and tells the status of the answer. */
  async tryPatch(path: string, data: object): Promise<number> {
    return (await this.send("PATCH", path, data)).status();
  }

  /** The demo company's inbox. */
  async inbox(): Promise<Inbox> {
    const { items } = await this.get<{ items: Inbox[] }>("/inboxes");
    const [first] = items;
    if (!first) throw new Error("the demo company has no inbox");
    return first;
  }

  private async call<T>(method: string, path: string, data?: object): Promise<T> {
    const answer = await this.send(method, path, data);
    const text = await answer.text();
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  private send(method: string, path: string, data?: object): Promise<APIResponse> {
    this.turn += 1;
    const token = this.tokens[this.turn % this.tokens.length];
    return this.request.fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(data && { data }),
    });
  }
}
