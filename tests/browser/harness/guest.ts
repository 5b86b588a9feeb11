/** A visitor without a page: an app that talks to the visitors' interface. It fills fields; pages then show them. */
import { randomUUID } from "node:crypto";

/** The most files that a message may carry. */
const FILES_PER_MESSAGE = 10;
/** What an uploaded file holds here: its name is what matters. */
const CONTENT = "text";

/** Somebody who asks through the interface. */
export class Guest {
  private constructor(
    private readonly origin: string,
    private readonly inbox: string,
    readonly token: string,
  ) {}

  /** Comes in, as whoever an identity says. */
  static async enter(origin: string, inbox: string, identity?: string): Promise<Guest> {
    const token = await welcome(origin, { inbox, identity: identity ?? null });
    return new Guest(origin, inbox, token);
  }

  /** Speaks with the token of a page. */
  static withToken(origin: string, inbox: string, token: string): Guest {
    return new Guest(origin, inbox, token);
  }

  /** The company says anew who this is. */
  async identify(identity: string): Promise<void> {
    await welcome(this.origin, { inbox: this.inbox, token: this.token, identity });
  }

  /** Says something and returns the number of the conversation. */
  async say(text: string, attachments: number[] = []): Promise<number> {
    const said = await this.call("messages", JSON.stringify({ client_id: randomUUID(), text, attachments }));
    return ((await said.json()) as { conversation_id: number }).conversation_id;
  }

  /** Rates the resolved conversation. */
  async rate(score: number, comment: string): Promise<void> {
    await this.call("rating", JSON.stringify({ client_id: randomUUID(), score, comment }));
  }

  /** Sends files that are called as given, and returns how many were taken; a name may be refused. */
  async sendFiles(names: readonly string[]): Promise<number> {
    let taken = 0;
    for (let at = 0; at < names.length; at += FILES_PER_MESSAGE) {
      const uploads = names.slice(at, at + FILES_PER_MESSAGE).map((name) => this.upload(name));
      const ids = (await Promise.all(uploads)).filter((id) => id !== undefined);
      if (ids.length > 0) await this.say("", ids);
      taken += ids.length;
    }
    return taken;
  }

  private async upload(name: string): Promise<number | undefined> {
    const form = new FormData();
    form.append("file", new File([CONTENT], name, { type: "text/plain" }));
    // As one piece: a refusal may come before all of a form that is still being written.
    const whole = new Response(form);
    const answer = await fetch(`${this.origin}/api/v1/visitor/attachments`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": whole.headers.get("content-type") ?? "" },
      body: await whole.arrayBuffer(),
    });
    return answer.ok ? ((await answer.json()) as { id: number }).id : undefined;
  }

  private async call(path: string, body: string): Promise<Response> {
    const answer = await fetch(`${this.origin}/api/v1/visitor/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body,
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}

async function welcome(origin: string, hello: object): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/visitor/welcome`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(hello),
  });
  if (!answer.ok) throw new Error(`nobody is welcome: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}
