/** An agent at the desk: a page with the console, and what agents do there. */
import { type Locator, type Page, expect } from "@playwright/test";

import { Sockets } from "./sockets.ts";
import type { Words } from "./words.ts";

/** Somebody who answers. */
export class Desk {
  /** Its live connections. */
  readonly sockets: Sockets;

  constructor(
    readonly page: Page,
    readonly origin: string,
    readonly words: Words,
  ) {
    this.sockets = Sockets.of(page);
  }

  /** Goes to a page of the console. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.origin}/console${path}`);
  }

  /** Goes to the list of all open conversations and waits for the desk to be live. */
  async sitDown(): Promise<void> {
    // What the page before had open is gone and told of, before the next one opens anything.
    await this.page.goto("about:blank");
    this.sockets.forget();
    await this.go("/conversations");
    await expect(this.list).toBeVisible();
    await expect.poll(() => this.sockets.isLive).toBe(true);
  }

  /** The list of conversations. */
  get list(): Locator {
    return this.page.getByRole("region", { name: this.of("conversation.list") });
  }

  /** A conversation in the list. */
  row(conversation: number): Locator {
    return this.list.locator(`[data-conversation="${conversation}"]`);
  }

  /** The middle of the desk: the conversation that is open. */
  get pane(): Locator {
    return this.page.locator("section").filter({ has: this.page.getByRole("region", { name: this.of("message.thread") }) }).first();
  }

  /** Everything that was said in it. */
  get thread(): Locator {
    return this.page.getByRole("region", { name: this.of("message.thread") });
  }

  /** Each thing that was said, and is with the server. */
  get bubbles(): Locator {
    return this.thread.getByRole("article");
  }

  /** The last that was said with a text. */
  said(text: string): Locator {
    return this.bubbles.filter({ hasText: text }).last();
  }

  /** Why the bot handed over, and what was said before. */
  get handoff(): Locator {
    return this.page.getByRole("region", { name: this.of("handoff.title") });
  }

  /** What is known about contact and conversation. */
  get panel(): Locator {
    return this.page.getByRole("complementary", { name: this.of("conversation.panel") });
  }

  /** The text field for answers. */
  get field(): Locator {
    return this.page.getByRole("textbox", { name: this.of("composer.text"), exact: true });
  }

  /** The text field for notes. */
  get noteField(): Locator {
    return this.page.getByRole("textbox", { name: this.of("composer.note"), exact: true });
  }

  /** A button by the key of its sentence. */
  button(key: string): Locator {
    return this.page.getByRole("button", { name: this.of(key), exact: true });
  }

  /** Opens a conversation from the list. */
  async open(conversation: number): Promise<void> {
    await this.row(conversation).click();
    await expect(this.thread).toBeVisible();
  }

  /** Takes the open conversation. */
  async take(): Promise<void> {
    await this.button("conversation.take").click();
    await expect(this.button("conversation.take")).toHaveCount(0);
  }

  /** Writes an answer and sends it, and waits for nothing. */
  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.button("composer.send").click();
  }

  /** Answers, and waits until the server has it. */
  async answer(text: string): Promise<void> {
    await this.write(text);
    await expect(this.said(text)).toBeVisible();
    await expect(this.thread.getByText(this.of("message.sending"))).toHaveCount(0);
  }

  /** Writes a note for colleagues. */
  async note(text: string): Promise<void> {
    await this.page.getByRole("tab", { name: this.of("composer.note") }).click();
    await this.noteField.fill(text);
    await this.button("composer.saveNote").click();
    await expect(this.said(text)).toBeVisible();
    await this.page.getByRole("tab", { name: this.of("composer.text") }).click();
  }

  /** Resolves the open conversation. */
  async resolve(): Promise<void> {
    await this.button("conversation.resolve").click();
    await expect(this.page.getByText(this.of("answer.resolved"))).toBeVisible();
  }

  /** Marks the page; the mark is gone if it was ever loaded again. */
  async markPage(): Promise<void> {
    await this.page.evaluate(() => Object.assign(window, { notReloaded: true }));
  }

  /** Whether the page is still the one that was marked. */
  async isSamePage(): Promise<boolean> {
    return this.page.evaluate(() => "notReloaded" in window);
  }

  private of(key: string): string {
    return this.words.of("console", key);
  }
}
