/**
 * Hears everything that a page must never do: open a dialog, run a stranger's script, ask another
 * origin, break the content security policy, throw.
 */
import type { BrowserContext, Frame, Page } from "@playwright/test";

/** The mark that a payload leaves when it runs. */
export const PWNED = "__pwned";

/**
 * What Firefox says of itself and of the tests: that a page was left while it connected, and that the
 * style was refused, `body {}`, by which Playwright waits for animations before a picture.
 */
const OF_FIREFOX = [
  /was interrupted while the page was loading/,
  /policy breached: style-src-elem inline .*%20%3E%20eval:/,
  /sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA=/,
];

/** What was heard of all pages of a context. */
export class Watch {
  private readonly heard: string[] = [];
  private readonly origins = new Set<string>();
  private tolerated: RegExp[] = [...OF_FIREFOX];

  /** Listens to a context from its first page on. */
  static async on(context: BrowserContext, ...origins: string[]): Promise<Watch> {
    const watch = new Watch();
    for (const origin of origins) watch.origins.add(origin);
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(
          `policy breached: ${event.effectiveDirective} ${event.blockedURI} ${event.sample} at ${event.sourceFile}:${event.lineNumber}`,
        );
      });
    });
    context.on("page", (page) => watch.follow(page));
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol === "data:" || protocol === "blob:" || protocol === "about:") return;
      if (!watch.origins.has(origin)) watch.heard.push(`request to ${request.url().slice(0, 200)}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 500) watch.heard.push(`${response.status()} of ${response.url()}`);
    });
    return watch;
  }

  /** Adds an origin that the pages may talk to. */
  allow(origin: string): void {
    this.origins.add(origin);
  }

  /** Leaves out what a journey provokes on purpose, such as a broken connection. */
  tolerate(...patterns: RegExp[]): void {
    this.tolerated.push(...patterns);
  }

  /** What was heard and not tolerated. */
  get complaints(): string[] {
    return this.heard.filter((line) => !this.tolerated.some((pattern) => pattern.test(line)));
  }

  private follow(page: Page): void {
    page.on("dialog", (dialog) => {
      this.heard.push(`dialog: ${dialog.message().slice(0, 200)}`);
      dialog.dismiss().catch(() => undefined);
    });
    page.on("pageerror", (error) => this.heard.push(`error: ${error.message}`));
    page.on("popup", (popup) => this.heard.push(`new window: ${popup.url()}`));
    page.on("websocket", (socket) => {
      const { origin } = new URL(socket.url().replace(/^ws/, "http"));
      if (!this.origins.has(origin)) this.heard.push(`socket to ${socket.url()}`);
    });
    page.on("console", (line) => {
      // An answer of 401 or 404 is part of the interface; those of 500 and more are heard above.
      if (line.type() === "error" && !line.text().startsWith("Failed to load resource"))
        this.heard.push(`console: ${line.text()}`);
    });
  }
}

/** Whether a payload has run in any frame of a page. */
export async function isPwned(page: Page): Promise<boolean> {
  const marks = await Promise.all(page.frames().map((frame) => markOf(frame)));
  return marks.some(Boolean);
}

async function markOf(frame: Frame): Promise<boolean> {
  if (frame.isDetached()) return false;
  return frame.evaluate((mark) => mark in window, PWNED);
}
