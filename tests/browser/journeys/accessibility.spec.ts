/** The main screens under axe-core: nothing serious, nothing critical; desktop and phone, light and dark. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { brokenConversations, pastConversations } from "../harness/past.ts";
import { PHONE, type Setting, expect, test } from "../harness/test.ts";
import { Trainer } from "../harness/trainer.ts";
import { LOCALES } from "../harness/words.ts";

const SIZES: Record<string, Setting> = { desktop: {}, phone: PHONE };
const SETTINGS = [
  "",
  "/profile",
  "/sessions",
  "/tokens",
  "/agents",
  "/teams",
  "/inboxes",
  "/tags",
  "/canned-responses",
  "/account",
  "/webhooks",
  "/jobs",
];
const TRAINING = ["reviews", "discovery", "examples", "examples?intent=query_yield", "releases", "playground"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Axe takes its time on two busy cores. */
const TIME_MS_MAX = 240_000;

for (const locale of LOCALES) {
  for (const [size, setting] of Object.entries(SIZES)) {
    test(`company page, widget and desk are accessible (${locale}, ${size})`, async ({ people, steps }) => {
      test.setTimeout(TIME_MS_MAX);
      const visitor = await people.visitor(locale, setting);
      await clean(visitor.page);
      await visitor.open();
      await clean(visitor.page);
      await visitor.say(locale === "zh" ? "我想查询基金的收益情况" : "earned anything?");
      await expect(visitor.replies.first()).toBeVisible();
      await clean(visitor.page);
      await visitor.page.emulateMedia({ colorScheme: "dark" });
      await clean(visitor.page);
      await visitor.askForPerson();

      const desk = await people.desk(locale, setting);
      await desk.sitDown();
      const conversation = await visitor.conversation();
      await clean(desk.page);
      await desk.open(conversation);
      await desk.take();
      await desk.answer("Markdown https://example.com");
      await desk.note("note");
      await clean(desk.page);
      await desk.page.emulateMedia({ colorScheme: "dark" });
      await clean(desk.page);
      await steps.shoot(desk.page, "dark");
      await desk.page.emulateMedia({ colorScheme: "light" });
      await desk.resolve();
      await clean(desk.page);
      await expect(visitor.locator(".rating")).toBeVisible();
      await visitor.locator(".rating").getByRole("radio").last().check();
      await clean(visitor.page);
      await steps.shoot(visitor.page, "rating");
    });

    test(`settings, search and login are accessible (${locale}, ${size})`, async ({ people, steps }) => {
      test.setTimeout(TIME_MS_MAX);
      const desk = await people.desk(locale, setting);
      await desk.go("/search?q=Markdown");
      await expect(desk.page.getByRole("searchbox")).toBeVisible();
      await clean(desk.page);
      for (const path of SETTINGS) {
        await desk.go(`/settings${path}`);
        await expect(desk.page.getByRole("main").getByRole("heading").first()).toBeVisible();
        await clean(desk.page);
        await steps.shoot(desk.page, `settings${path.replace("/", "-")}`);
      }
      const stranger = await people.desk(locale, { ...setting, signedIn: false });
      await stranger.go("/login");
      await expect(stranger.page.getByRole("heading")).toBeVisible();
      await clean(stranger.page);
      await steps.shoot(stranger.page, "login");
    });

    test(`the pages for trainers are accessible (${locale}, ${size})`, async ({ people, steps }) => {
      test.setTimeout(TIME_MS_MAX);
      const visitor = await people.visitor(locale, setting);
      await visitor.open();
      const unknown = locale === "zh" ? "小金库见没见底" : "violet lanterns hum at dusk";
      await visitor.say(unknown);
      const trainer = new Trainer(await people.desk(locale, setting));
      const { page } = trainer.desk;
      await trainer.openQueue();
      await expect(trainer.item(unknown)).toBeVisible({ timeout: 30_000 });
      await trainer.openDiscovery();
      await trainer.discover(brokenConversations(locale));
      await expect(trainer.dialog.getByRole("alert")).toBeVisible();
      await inBothThemes(page);
      await page.keyboard.press("Escape");
      await trainer.discover(pastConversations(locale));
      await trainer.discovered();
      await trainer.proposals.first().getByRole("button").click();
      await expect(trainer.dialog).toBeVisible();
      await inBothThemes(page);
      await page.keyboard.press("Escape");
      for (const path of TRAINING) {
        await trainer.desk.go(`/training/${path}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.waitForLoadState("networkidle");
        await inBothThemes(page);
        await steps.shoot(page, `training-${path.replace("?", "-")}`);
      }
      await page.getByRole("textbox").fill(unknown);
      await page.keyboard.press("Enter");
      await expect(page.locator("mark").first()).toBeVisible();
      await inBothThemes(page);
      await trainer.openReleases();
      const number = await trainer.train();
      await trainer.open(number);
      await expect(trainer.verdict).toBeVisible();
      await page.locator("main [aria-expanded=false]").first().click();
      await expect(page.locator("main [aria-expanded=true]")).toBeVisible();
      await inBothThemes(page);
      await trainer.desk.button("trials.try").click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await clean(page);
      await trainer.desk.button("trials.start").click();
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await trainer.openReleases();
      await inBothThemes(page);
      await trainer.desk.button("trials.end").click();
      await expect(trainer.desk.button("trials.end")).toHaveCount(0);
      await trainer.openQueue();
      await expect(trainer.item(unknown)).toBeVisible();
      await page.keyboard.press("c");
      await expect(page.getByRole("combobox").first()).toBeFocused();
      await inBothThemes(page);
    });
  }
}

/** Waits until what changes its look has changed it: a colour on its way has no contrast of its own. */
async function settle(page: Page): Promise<void> {
  for (const frame of page.frames())
    await frame.evaluate(async () => {
      const running = () => document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
      // What ends may be what another begins with: a colour that is inherited is on its way after that of its parent.
      do {
        await Promise.allSettled(running().map(({ finished }) => finished));
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      } while (running().length > 0);
    });
}

/** Light and dark, and light again. */
async function inBothThemes(page: Page): Promise<void> {
  await clean(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await clean(page);
  await page.emulateMedia({ colorScheme: "light" });
}

async function clean(page: Page): Promise<void> {
  await settle(page);
  // Only what is wrong is described in full: describing what is right takes most of the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(RULES);
  const { violations } = await axe.analyze();
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary})`).join("; ")}`);
  expect(grave, page.url()).toEqual([]);
}
