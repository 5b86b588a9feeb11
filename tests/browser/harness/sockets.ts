/** What a server says to a page over its sockets, in every browser. */
import type { Page } from "@playwright/test";

const ofPages = new WeakMap<Page, Sockets>();

/** What happens to a socket; of a frame there is its text. */
type Event = "opened" | "received" | "closed";

/** The sockets of one page, each under a name of its own. */
export class Sockets {
  /** Every frame that the server has sent, as text. */
  readonly frames: string[] = [];
  private newest: string | null = null;
  private readonly welcomed = new Set<string>();
  private readonly closed = new Set<string>();

  /** Those of a page, from now on. */
  static of(page: Page): Sockets {
    const known = ofPages.get(page);
    if (known) return known;
    const sockets = new Sockets();
    ofPages.set(page, sockets);
    let count = 0;
    page.on("websocket", (socket) => {
      count += 1;
      const name = String(count);
      sockets.hear(name, "opened");
      socket.on("framereceived", ({ payload }) => sockets.hear(name, "received", String(payload)));
      socket.on("close", () => sockets.hear(name, "closed"));
    });
    return sockets;
  }

  /** Whether the newest was welcomed. */
  get isLive(): boolean {
    return this.newest !== null && this.welcomed.has(this.newest);
  }

  /** Whether the newest is closed. */
  get isClosed(): boolean {
    return this.newest !== null && this.closed.has(this.newest);
  }

  /** Waits for another, since the page that had the newest is gone. */
  forget(): void {
    this.newest = null;
  }

  /** Takes what happened to a socket. */
  hear(name: string, event: Event, text = ""): void {
    if (event === "opened") this.newest = name;
    if (event === "closed") this.closed.add(name);
    if (event === "received") this.frames.push(text);
    if (text.startsWith('{"type":"welcome"')) this.welcomed.add(name);
  }
}
