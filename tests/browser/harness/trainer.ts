/** A trainer: a page with the console, and what trainers do there. */
import { type Locator, expect } from "@playwright/test";

import type { Desk } from "./desk.ts";

/** What is heard a moment ago is in the queue, and the queue is looked at every few seconds. */
const ARRIVAL_MS_MAX = 30_000;
/** A few hundred conversations are looked at in a moment, also on a machine that is busy. */
const DISCOVERY_MS_MAX = 60_000;
/** The demo bot learns in seconds, also on a machine that is busy. */
const TRAINING_MS_MAX = 60_000;
const WALK_STEPS_MAX = 100;

/** Somebody who looks at what the bot did not understand, and has it learn. */
export class Trainer {
  constructor(readonly desk: Desk) {}

  /** Goes to the queue and waits until it is there. */
  async openQueue(): Promise<void> {
    await this.desk.go("/training/reviews");
    await expect(this.heading("training.reviews")).toBeVisible();
  }

  /** Goes to the list of releases and waits until it is there. */
  async openReleases(): Promise<void> {
    await this.desk.page.getByRole("link", { name: this.of("training.releases"), exact: true }).first().click();
    await expect(this.heading("training.releases")).toBeVisible();
    await expect(this.releases.first()).toBeVisible();
  }

  /** What was said and waits for a decision. */
  item(text: string): Locator {
    return this.desk.page.locator("[data-review]").filter({ hasText: text });
  }

  /** Walks to something with the keys of the queue, as soon as it is there. */
  async walkTo(text: string): Promise<void> {
    await expect(this.item(text)).toBeVisible({ timeout: ARRIVAL_MS_MAX });
    const place = () => this.item(text).evaluate((row) => [...document.querySelectorAll("[data-review]")].indexOf(row));
    const at = () =>
      this.desk.page.locator("[data-review][aria-current]").evaluate((row) => [...document.querySelectorAll("[data-review]")].indexOf(row));
    for (let step = 0; step < WALK_STEPS_MAX; step += 1) {
      const distance = (await place()) - (await at());
      if (distance === 0) return;
      await this.desk.page.keyboard.press(distance > 0 ? "j" : "k");
    }
    throw new Error(`${text} cannot be reached with j and k`);
  }

  /** Says what the chosen item means, with the keyboard alone. */
  async correct(intent: string): Promise<void> {
    await this.desk.page.keyboard.press("c");
    const field = this.desk.page.getByRole("combobox", { name: this.of("reviews.correctTitle") });
    await expect(field).toBeFocused();
    await this.desk.page.keyboard.type(intent);
    await expect(this.desk.page.getByRole("listbox").getByRole("option")).toHaveCount(1);
    // Who leaves the page before the server has answered takes the correction along.
    const answered = this.desk.page.waitForResponse(
      (response) => response.url().includes("/nlu/reviews/") && response.request().method() !== "GET",
    );
    await this.desk.page.keyboard.press("Enter");
    expect((await answered).status(), "the correction").toBeLessThan(300);
    await expect(field).toHaveCount(0);
  }

  /** Goes to the page that shows what contacts ask about. */
  async openDiscovery(): Promise<void> {
    await this.desk.go("/training/discovery");
    await expect(this.heading("training.discovery")).toBeVisible();
  }

  /** Has a table of past conversations looked at; what comes of it is for the test to see. */
  async discover(table: string): Promise<void> {
    const { page } = this.desk;
    await page.getByRole("main").getByRole("button", { name: this.startDiscovery }).click();
    await this.dialog.getByRole("radio", { name: this.of("discovery.from.table") }).check();
    const file = { name: "past.csv", mimeType: "text/csv", buffer: Buffer.from(table) };
    await this.dialog.getByLabel(this.of("discovery.table"), { exact: true }).setInputFiles(file);
    await this.dialog.getByRole("button", { name: this.of("discovery.start"), exact: true }).click();
  }

  /** Waits until what was asked for is found. */
  async discovered(): Promise<void> {
    await expect(this.dialog).toHaveCount(0);
    await expect(this.desk.button("discovery.again")).toBeEnabled({ timeout: DISCOVERY_MS_MAX });
    await expect(this.proposals.first()).toBeVisible();
  }

  /** Every intent that was proposed, those first that a bot would take most with. */
  get proposals(): Locator {
    return this.desk.page.locator("[data-proposal]");
  }

  /** The dialog that is open. */
  get dialog(): Locator {
    return this.desk.page.getByRole("dialog");
  }

  private get startDiscovery(): RegExp {
    return new RegExp(`^(${this.of("discovery.start")}|${this.of("discovery.again")})$`);
  }

  /** Every release in the list, the newest first. */
  get releases(): Locator {
    return this.desk.page.locator("[data-release]");
  }

  /** How far a training is. */
  get progress(): Locator {
    return this.desk.page.getByRole("progressbar");
  }

  /** Trains a release, sees it advance, and returns its number. */
  async train(): Promise<number> {
    const known = await this.releases.count();
    await this.desk.button("releases.train").click();
    await expect(this.progress).toBeVisible();
    await expect(this.releases).toHaveCount(known + 1);
    await expect(this.progress).toHaveCount(0, { timeout: TRAINING_MS_MAX });
    const newest = this.releases.first();
    await expect(newest).toContainText(this.of("releases.state.candidate"));
    return Number(await newest.getAttribute("data-release"));
  }

  /** Opens a release from the list. */
  async open(number: number): Promise<void> {
    await this.desk.page.locator(`[data-release="${number}"]`).click();
    await expect(this.desk.page.getByRole("heading", { level: 1 })).toContainText(String(number));
  }

  /** How the open release differs from the one in use, in words. */
  get verdict(): Locator {
    return this.desk.page.locator("[data-verdict]");
  }

  /** Publishes the open release. */
  async publish(number: number): Promise<void> {
    await this.desk.button("releases.publish").click();
    await this.desk.page.getByRole("dialog").getByRole("button", { name: this.of("releases.publish"), exact: true }).click();
    await expect(this.desk.page.getByText(this.of("releases.published", { number }))).toBeVisible();
  }

  /** Goes back to the release before. */
  async rollBack(): Promise<void> {
    await this.desk.button("releases.rollBack").click();
    await this.desk.page.getByRole("dialog").getByRole("button", { name: this.of("releases.rollBack"), exact: true }).click();
    await expect(this.desk.page.getByRole("dialog")).toHaveCount(0);
  }

  private heading(key: string): Locator {
    return this.desk.page.getByRole("heading", { level: 1, name: this.of(key) });
  }

  private of(key: string, values?: Record<string, string | number>): string {
    return this.desk.words.of("console", key, values);
  }
}
