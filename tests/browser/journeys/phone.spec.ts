/** The main journey on a phone, for both sides: nothing is cut off, nothing needs a second hand. */
import { randomUUID } from "node:crypto";

import type { Page } from "@playwright/test";

import { PHONE, expect, test } from "../harness/test.ts";
import { LOCALES } from "../harness/words.ts";

for (const locale of LOCALES) {
  test(`visitor and agent each have a phone (${locale})`, async ({ people, steps }) => {
    const desk = await people.desk(locale, PHONE);
    await desk.sitDown();
    await fits(desk.page);
    const visitor = await people.visitor(locale, PHONE);
    await fits(visitor.page);
    await steps.shoot(visitor.page, "company-page");

    await visitor.open();
    await steps.shoot(visitor.page, "chat-open");
    await visitor.say(locale === "zh" ? "我想查询基金的收益情况" : "earned anything?");
    await expect(visitor.replies.first()).toBeVisible();
    await expect(visitor.replies.first()).toBeInViewport();
    await expect(visitor.field).toBeInViewport();
    await steps.shoot(visitor.page, "bot-answers");
    await visitor.askForPerson();
    await steps.shoot(visitor.page, "waiting");

    const conversation = await visitor.conversation();
    await expect(desk.row(conversation)).toBeVisible();
    await steps.shoot(desk.page, "list");
    await desk.open(conversation);
    await fits(desk.page);
    await steps.shoot(desk.page, "thread");
    await desk.take();
    await desk.answer(locale === "zh" ? "您好，我来帮您查。" : "Hello, let me look.");
    await expect(desk.field).toBeInViewport();
    await steps.shoot(desk.page, "answered");
    await expect(visitor.fromAgent.last()).toBeInViewport();

    await desk.button("conversation.showPanel").click();
    await expect(desk.panel).toBeInViewport();
    await steps.shoot(desk.page, "panel");
    await desk.page.keyboard.press("Escape");
    await desk.resolve();
    await desk.page.getByRole("link", { name: desk.words.of("console", "conversation.back") }).click();
    await expect(desk.list).toBeVisible();
    await expect(desk.row(conversation)).toHaveCount(0);
    await steps.shoot(desk.page, "list-after");

    await expect(visitor.locator(".rating")).toBeInViewport();
    await visitor.rate(5, "👍");
    await expect(visitor.locator(".thanks")).toBeInViewport();
    await steps.shoot(visitor.page, "rated");
    await fits(visitor.page);
  });

  test(`an owner sets an inbox up on a phone (${locale})`, async ({ people, api, steps }) => {
    const inbox = `App ${randomUUID()}`;
    await api.post("/inboxes", { name: inbox, language: locale });
    const desk = await people.desk(locale, PHONE);
    const of = (key: string) => desk.words.of("console", key);
    await desk.go("/settings/inboxes");
    await fits(desk.page);
    const row = desk.page.getByRole("listitem").filter({ hasText: inbox });
    await row.getByRole("button", { name: of("inboxes.setUp") }).click();
    const dialog = desk.page.getByRole("dialog");
    await expect(dialog).toBeInViewport({ ratio: 1 });
    await steps.shoot(desk.page, "dialog");

    await dialog.getByRole("button", { name: of("inboxes.incomingDraw") }).click();

    const secret = dialog.locator("pre", { hasText: "whsec_" });
    await secret.scrollIntoViewIfNeeded();
    await expect(secret).toBeInViewport();
    await fits(desk.page);
    await steps.shoot(desk.page, "secret");
  });
}

/** No page is wider than the phone. */
async function fits(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    const excess_px = await frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(excess_px, frame.url()).toBeLessThanOrEqual(0);
  }
}
