/** What a server says to a page over its sockets, in every browser. */
import type { BrowserContext, Page } from "@playwright/test";

const ofPages = new WeakMap<Page, Sockets>();
/** What a page calls to tell of its sockets, where the browser does not. */
const TELL = "__tellOfSocket";

/** What happens to a socket; of a frame there is its text. */
type Event = "opened" | "received" | "closed";

/** The sockets of one page, each under a name of its own. */
export class Sockets {
  /** Every frame that the server has sent, as text. */
  readonly frames: string[] = [];
  private newest: string | null = null;
  private readonly welcomed = new Set<string>();
  private readonly closed = new Set<string>();

  /**
   * Makes the pages of a context tell of their sockets if its browser is Firefox: WebDriver BiDi knows of
   * none. It must be called before there are pages.
   */
  static async listen(context: BrowserContext): Promise<void> {
    if (context.browser()?.browserType().name() !== "firefox") return;
    await context.exposeBinding(TELL, ({ page }, name: string, event: Event, text: string) =>
      Sockets.of(page).hear(name, event, text),
    );
    await context.addInitScript(tellOfSockets, TELL);
  }

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

  private hear(name: string, event: Event, text = ""): void {
    if (event === "opened") this.newest = name;
    if (event === "closed") this.closed.add(name);
    if (event === "received") this.frames.push(text);
    if (text.startsWith('{"type":"welcome"')) this.welcomed.add(name);
  }
}

/** Runs in every page, before its own scripts. */
function tellOfSockets(tell: string) {
  type Tell = (name: string, event: string, text?: string) => void;
  const say = (window as unknown as Record<string, Tell>)[tell] as Tell;
  let count = 0;
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      count += 1;
      const name = `${performance.timeOrigin} ${count}`;
      say(name, "opened");
      this.addEventListener("message", ({ data }) => say(name, "received", String(data)));
      this.addEventListener("close", () => say(name, "closed"));
    }
  };
}
