/** Hostile texts in every field that a stranger or a colleague can fill: nothing runs, nothing is fetched. */
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";

import type { Api } from "../harness/api.ts";
import { HOSTILE, HOSTILE_NAMES, STRANGER } from "../harness/hostile.ts";
import { signedIdentity } from "../harness/identity.ts";
import { Site } from "../harness/site.ts";
import { expect, test } from "../harness/test.ts";
import { Visitor } from "../harness/visitor.ts";
import { isPwned, PWNED } from "../harness/watch.ts";
import { Words } from "../harness/words.ts";

const SCHEMES = /^(https?|mailto|tel):/;
/** How many texts of the corpus travel in one message of a visitor, who may not send hundreds in a row. */
const TEXTS_PER_MESSAGE = 10;
/** The most that the name of a tag may hold. */
const TAG_CHARS_MAX = 40;

test("what a text would do is noticed when it does it", async ({ people }) => {
  const page = await people.page("en");
  const watch = people.watchOf(page);

  await page.goto("about:blank");
  await page.setContent(`<img src="${STRANGER}/x" onerror="alert(window.${PWNED} = 1)">`);

  await expect.poll(() => isPwned(page)).toBe(true);
  expect(watch.complaints.join()).toMatch(/request to .*stranger/);
  expect(watch.complaints.join()).toMatch(/dialog/);
  watch.tolerate(/.*/);
});

test("the corpus is large", () => {
  expect(new Set(HOSTILE).size).toBeGreaterThanOrEqual(250);
  expect(new Set(HOSTILE_NAMES).size).toBeGreaterThanOrEqual(60);
});

test("hostile messages of a visitor are words at the widget and at the desk", async ({ people, api, steps }) => {
  const visitor = await people.visitorOfInbox("zh", (await api.inbox()).key);
  const desk = await people.desk("zh");
  await desk.sitDown();
  await visitor.askForPerson();
  const conversation = await visitor.conversation();
  await desk.open(conversation);
  const texts = chunks(HOSTILE, TEXTS_PER_MESSAGE);

  for (const [index, chunk] of texts.entries()) {
    await visitor.write(`${chunk.join("\n\n")}\n⟦${index}⟧`);
    await expect(visitor.mine(`⟦${index}⟧`)).toBeVisible();
  }
  await expect(visitor.unconfirmed).toHaveCount(0, { timeout: 60_000 });

  const last = `⟦${texts.length - 1}⟧`;
  await expect(desk.thread).toContainText(last);
  await expect(visitor.thread).toContainText("<script>");
  await expect(desk.thread).toContainText("<script>");
  await steps.shoot(visitor.page, "visitor");
  await steps.shoot(desk.page, "desk");
  await harmless(visitor.page, desk.page);
  await desk.page.reload();
  await expect(desk.thread).toContainText(last);
  await visitor.page.reload();
  await expect(visitor.thread).toContainText(last);
  await harmless(visitor.page, desk.page);

  await desk.go(`/search?q=${encodeURIComponent("script")}`);
  await expect(desk.page.getByText("<script>").first()).toBeVisible();
  await steps.shoot(desk.page, "search");
  await harmless(desk.page);
});

test("hostile messages of an agent, whose Markdown is drawn, are harmless on both sides", async ({ people, api, steps }) => {
  const visitor = await people.visitorOfInbox("zh", (await api.inbox()).key);
  const desk = await people.desk("zh");
  await desk.sitDown();
  await visitor.askForPerson();
  const conversation = await visitor.conversation();
  await desk.open(conversation);
  await desk.take();

  for (const text of HOSTILE) await said(api, conversation, text);
  await said(api, conversation, "⟦end⟧");

  await expect(visitor.thread).toContainText("⟦end⟧");
  await expect(desk.thread).toContainText("⟦end⟧");
  await steps.shoot(visitor.page, "visitor");
  await steps.shoot(desk.page, "desk");
  await harmless(visitor.page, desk.page);
});

test("a hostile name is a name in the list, the thread, the panel and the title", async ({ people, server, api, steps }) => {
  const site = await Site.open();
  const inbox = await api.post<{ id: number; key: string }>("/inboxes", {
    name: `names ${randomUUID()}`,
    language: "zh",
    greeting: HOSTILE_NAMES[0],
    allowed_origins: [site.origin],
    bot: false,
  });
  const { secret } = await api.post<{ secret: string }>(`/inboxes/${inbox.id}/rotate-secret`);
  site.embed(server.origin, inbox.key, "zh");
  const page = await people.page("zh", { origin: site.origin });
  people.watchOf(page).allow(server.origin);
  const visitor = await Visitor.onSite(page, site.origin, new Words("zh"));
  const claims = { sub: randomUUID(), name: '<img src=x onerror="window.__pwned=1">' };
  await visitor.identify(signedIdentity(inbox.key, secret, claims));
  await visitor.open();
  await visitor.say("⟦name⟧");
  const conversation = await visitor.conversation();
  const { contact } = await api.get<{ contact: { id: number } }>(`/conversations/${conversation}`);
  const desk = await people.desk("zh");
  await desk.sitDown();
  await desk.open(conversation);
  await expect(desk.row(conversation)).toContainText("<img src=x");

  for (const name of HOSTILE_NAMES) {
    const changed = await api.tryPatch(`/contacts/${contact.id}`, { name });
    expect([200, 422], name).toContain(changed);
  }
  await api.patch(`/contacts/${contact.id}`, { name: "⟦last name⟧" });

  await expect(desk.panel).toContainText("⟦last name⟧");
  await desk.page.reload();
  await expect(desk.row(conversation)).toContainText("⟦last name⟧");
  await steps.shoot(desk.page, "desk");
  await harmless(visitor.page, desk.page);
  await site.remove();
});

test("hostile tags and canned responses are words in settings, menus and answers", async ({ people, api, steps }) => {
  const visitor = await people.visitorOfInbox("zh", (await api.inbox()).key);
  const desk = await people.desk("zh");
  await desk.sitDown();
  await visitor.askForPerson();
  const conversation = await visitor.conversation();
  const tags: number[] = [];
  for (const name of HOSTILE_NAMES) {
    const made = await api.tryPost<{ id: number }>("/tags", { name: name.slice(0, TAG_CHARS_MAX), color: "#336699" });
    if (made) tags.push(made.id);
  }
  expect(tags.length).toBeGreaterThan(20);
  for (const [index, text] of HOSTILE.filter((text) => text.trim() !== "").slice(0, 60).entries())
    await api.post("/canned-responses", { short_code: `x${index}`, language: "zh", text });

  await api.put(`/conversations/${conversation}/tags`, { tags: tags.slice(0, 10) });
  await desk.open(conversation);
  await expect(desk.panel).toContainText("<script>");
  await desk.take();
  await desk.field.fill("/x");
  await expect(desk.page.getByRole("option").first()).toBeVisible();
  await steps.shoot(desk.page, "canned");
  await desk.field.press("Enter");
  await expect(desk.field).not.toHaveValue("/x");
  await desk.button("composer.send").click();
  await expect(visitor.fromAgent.last()).toBeVisible();
  await harmless(visitor.page, desk.page);
  for (const place of ["tags", "canned-responses"]) {
    await desk.go(`/settings/${place}`);
    await expect(desk.page.getByText("<script>").first()).toBeVisible();
    await steps.shoot(desk.page, place);
    await harmless(desk.page);
  }
});

async function said(api: Api, conversation: number, text: string): Promise<void> {
  // What is empty once it is cleaned is refused, which is as good as harmless.
  await api.tryPost(`/conversations/${conversation}/messages`, { client_id: randomUUID(), text });
}

/** Nothing ran, and no link leads where a link may not. Dialogs and requests are heard by the watch. */
async function harmless(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    expect(await isPwned(page)).toBe(false);
    for (const frame of page.frames()) {
      const hrefs = await frame.locator("a[href]").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
      expect(hrefs.filter((href) => !SCHEMES.test(href))).toEqual([]);
      await expect(frame.locator("[onerror], [onload], [onclick], [onfocus], [srcdoc], object, embed, base")).toHaveCount(0);
    }
  }
}

function chunks(texts: readonly string[], size: number): string[][] {
  const count = Math.ceil(texts.length / size);
  return Array.from({ length: count }, (_, index) => texts.slice(index * size, (index + 1) * size));
}
