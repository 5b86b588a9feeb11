/** A visitor: a page with the widget on it, and what people do there. */
import { type FrameLocator, type Locator, type Page, expect } from "@playwright/test";

import { Sockets } from "./sockets.ts";
import type { Words } from "./words.ts";

/** What the demo company's page is called in each language. */
const DEMO_PAGE = { zh: "/demo/zh.html", en: "/demo/index.html" };

/** What the loader gives to the page. */
interface Bridge {
  Attune: { identify(jwt: string): void; logout(): void };
}

/** Somebody who asks. */
export class Visitor {
  private readonly sockets: Sockets;
  /** How many frames had come when this visitor came. */
  private readonly framesBefore: number;

  constructor(
    readonly page: Page,
    readonly words: Words,
    /** The frame in another page, or the page itself where the widget has one of its own. */
    private readonly widget: FrameLocator | Page,
  ) {
    this.sockets = Sockets.of(page);
    this.framesBefore = this.sockets.frames.length;
  }

  /** Every frame that the server has sent to this visitor, as text. */
  get frames(): string[] {
    return this.sockets.frames.slice(this.framesBefore);
  }

  /** Goes to the demo company's page; the chat is still closed. */
  static async onDemoPage(page: Page, origin: string, words: Words): Promise<Visitor> {
    const visitor = new Visitor(page, words, page.frameLocator("#attune iframe"));
    await page.goto(`${origin}${DEMO_PAGE[words.locale]}`);
    return visitor;
  }

  /** Goes to a page that embeds the widget; the chat is still closed. */
  static async onSite(page: Page, url: string, words: Words): Promise<Visitor> {
    const visitor = new Visitor(page, words, page.frameLocator("#attune iframe"));
    await page.goto(url);
    await expect(visitor.launcher).toBeVisible();
    return visitor;
  }

  /** Goes to the widget's own page. */
  static async onOwnPage(page: Page, origin: string, inbox: string, words: Words): Promise<Visitor> {
    const visitor = new Visitor(page, words, page);
    await page.goto(`${origin}/widget/?inbox=${encodeURIComponent(inbox)}&locale=${words.locale}`);
    await visitor.isReady();
    return visitor;
  }

  /** The button on the company's page. */
  get launcher(): Locator {
    const names = [this.words.of("loader", "open"), this.words.of("loader", "close")];
    return this.page.getByRole("button", { name: new RegExp(names.join("|")) });
  }

  /** The text field. */
  get field(): Locator {
    return this.widget.getByRole("textbox", { name: this.words.of("widget", "composer.label") });
  }

  /** Everything that was said. */
  get thread(): Locator {
    return this.widget.getByRole("log", { name: this.words.of("widget", "thread.label") });
  }

  /** The bar at the top. */
  get header(): Locator {
    return this.widget.locator(".header");
  }

  /** The buttons that may be pressed instead of writing. */
  get replies(): Locator {
    const names = ["thread.quick_replies", "thread.starters"].map((key) => this.words.of("widget", key));
    return this.widget
      .getByRole("group", { name: new RegExp(names.join("|")) })
      .getByRole("button");
  }

  /** The line about a missing connection. */
  get banner(): Locator {
    return this.widget.locator(".banner");
  }

  /** Anything in the widget, by a selector. */
  locator(selector: string): Locator {
    return this.widget.locator(selector);
  }

  /** Opens the chat. */
  async open(): Promise<void> {
    await this.launcher.click();
    await this.isReady();
  }

  /** Waits until somebody would begin to write. */
  async isReady(): Promise<void> {
    await expect(this.field).toBeEnabled();
    await expect(this.thread.getByRole("listitem").first()).toBeVisible();
  }

  /** The page tells who is signed in there. */
  async identify(jwt: string): Promise<void> {
    await this.page.evaluate((token) => (window as unknown as Bridge).Attune.identify(token), jwt);
  }

  /** The page tells that nobody is signed in there any more. */
  async logOut(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as Bridge).Attune.logout());
  }

  /** Writes and sends, and waits for nothing. */
  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** Writes and sends, and waits until the server has it. */
  async say(text: string): Promise<void> {
    await this.write(text);
    await expect(this.mine(text)).toBeVisible();
    await expect(this.unconfirmed).toHaveCount(0);
  }

  /** Adds a picture to what is said next, and waits until the server has it. */
  async attach(name: string, buffer: Buffer): Promise<void> {
    await this.locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer });
    await expect(this.locator(".upload")).toHaveCount(1);
    await expect(this.locator(".upload progress")).toHaveCount(0);
  }

  /** Each thing that was said. */
  get bubbles(): Locator {
    return this.thread.locator(".bubble");
  }

  /** What the visitor said, by its text. */
  mine(text: string): Locator {
    return this.thread.locator(".from-contact .bubble").filter({ hasText: text }).last();
  }

  /** What was said but is not with the server yet. */
  get unconfirmed(): Locator {
    return this.thread.locator(".bubble.pending, .bubble.failed");
  }

  /** What a bot said. */
  get fromBot(): Locator {
    return this.thread.locator(".from-bot .bubble");
  }

  /** What an agent said. */
  get fromAgent(): Locator {
    return this.thread.locator(".from-agent");
  }

  /** Asks for a person. */
  async askForPerson(): Promise<void> {
    await this.say(this.words.locale === "zh" ? "转人工客服" : "I want to talk to a person");
    await expect(this.header).toContainText(this.words.of("widget", "header.waiting"));
  }

  /** Gives a score and a comment. */
  async rate(score: 1 | 2 | 3 | 4 | 5, comment: string): Promise<void> {
    await this.widget.getByRole("radio", { name: this.words.of("widget", `rating.score_${score}`), exact: true }).check();
    await this.widget.getByRole("textbox", { name: this.words.of("widget", "rating.comment") }).fill(comment);
    await this.widget.getByRole("button", { name: this.words.of("common", "action.submit") }).click();
  }

  /** The number of the conversation, as the server told this page. */
  async conversation(): Promise<number> {
    let found: number | undefined;
    await expect
      .poll(() => {
        found = this.frames.map(conversationOf).findLast((id) => id !== undefined);
        return found;
      })
      .toBeDefined();
    return found as number;
  }
}

function conversationOf(frame: string): number | undefined {
  const { conversation, data } = JSON.parse(frame) as {
    conversation?: { id: number } | null;
    data?: { message?: { conversation_id: number } };
  };
  return data?.message?.conversation_id ?? conversation?.id;
}
