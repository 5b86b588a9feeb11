/** Hostile texts in every other field that a stranger or a colleague can fill, wherever it is shown. */
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";

import type { Api } from "../harness/api.ts";
import { Company } from "../harness/company.ts";
import { Guest } from "../harness/guest.ts";
import { fits, harmless } from "../harness/harmless.ts";
import { everyNth, HOSTILE, ofOneLine, packed } from "../harness/hostile/index.ts";
import type { Server } from "../harness/server.ts";
import { type Setting, UNPROTECTED, expect, test } from "../harness/test.ts";

/** A name is cut on the screen where it is longer; what is cut cannot do anything. */
const SHOWN_CHARS = 80;
/** The most that a comment on a rating may hold, less a mark. */
const COMMENT_CHARS = 990;
/** The most that a search, a short code or a tag may hold. */
const TAG_CHARS_MAX = 40;
/** How many conversations a list shows at first. */
const ROWS = 30;
/** How many names each guest takes, who may not send hundreds of messages in a row. */
const ROUNDS = 18;
/** How far apart in the list the lines are that one rater takes; a prime. */
const STRIDE = 101;
const TIME_MS_MAX = 180_000;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const PAGES: Record<string, Setting> = { "as served": {}, "without their policy": UNPROTECTED };

test("a hostile name is a name in the list, the header and the thread", async ({ people, server, api, steps }) => {
  test.setTimeout(TIME_MS_MAX);
  const names = packed(ofOneLine(SHOWN_CHARS), SHOWN_CHARS, " ");
  const company = await Company.open(api, server.at("widget"), { greeting: names[0] ?? "" });
  const desk = await people.desk("zh", UNPROTECTED);
  await desk.go(`/conversations?inbox=${company.inbox}`);
  await expect(desk.list).toBeVisible();
  let shown = 0;

  for (let from = 0; from < names.length; from += ROWS * ROUNDS) {
    const guests = await crowd(server, company, Math.min(ROWS, names.length - from));
    for (let round = 0; round < ROUNDS && from + round * guests.length < names.length; round += 1) {
      const start = from + round * guests.length;
      const theirs = names.slice(start, start + guests.length);
      const mark = `⟦${start}⟧`;
      const numbers = await Promise.all(theirs.map((name, index) => renamed(company, guests, index, name, mark)));
      await expect(desk.list.getByText(mark)).toHaveCount(theirs.length);
      if (round === 0) await desk.open(numbers[0] as number);
      await fits(desk.thread);
      shown += theirs.length;
    }
    await harmless(desk.page);
  }

  expect(shown).toBe(names.length);
  await expect(desk.list).toContainText("<");
  await steps.shoot(desk.page, "names");
  await desk.page.reload();
  await expect(desk.list).toContainText("<");
  await harmless(desk.page);
  await company.site.remove();
});

test("a name whose letters imitate others is marked wherever an agent reads it", async ({ people, server, api, steps }) => {
  const company = await Company.open(api, server.at("widget"));
  const [guest] = await crowd(server, company, 1);
  const conversation = await renamed(company, guest ? [guest] : [], 0, "P\u0430ypal Support", "⟦imitated⟧");
  const desk = await people.desk("en");
  await desk.go(`/conversations?inbox=${company.inbox}`);

  await desk.open(conversation);

  for (const place of [desk.list, desk.pane, desk.thread, desk.panel]) await expect(place).toContainText("P\u0430ypal Support ⚠");
  await expect(desk.panel).toContainText(desk.words.of("console", "contact.lookAlikes"));
  await steps.shoot(desk.page, "imitated");
  await company.site.remove();
});

for (const [how, setting] of Object.entries(PAGES)) {
  test(`hostile addresses and comments are words in the panel (pages ${how})`, async ({ people, server, api, steps }) => {
    test.setTimeout(TIME_MS_MAX);
    const company = await Company.open(api, server.at("widget"));
    const all = packed(HOSTILE, COMMENT_CHARS, "\n");
    const comments = everyOther(all, how === "as served");
    const lines = everyOther(packed(ofOneLine(SHOWN_CHARS), SHOWN_CHARS, " "), how === "as served");
    const raters = new Map(await inTurns(comments, (comment, index) => rated(server, api, company, comment, index, lines)));
    const desk = await people.desk("zh", setting);
    await desk.go(`/conversations?status=resolved&inbox=${company.inbox}`);

    const rows = desk.list.locator("[data-conversation]");
    for (let seen = 0; seen < raters.size; seen += 1) {
      const number = Number(await rows.nth(seen).getAttribute("data-conversation"));
      await desk.page.keyboard.press("j");
      await expect(desk.page).toHaveURL(new RegExp(`/conversations/${number}\\b`));
      await expect(desk.panel).toContainText(raters.get(number) ?? "nobody");
      await fits(desk.panel);
      if (seen % 20 === 0) await harmless(desk.page);
      if (seen === 3) await steps.shoot(desk.page, "panel");
    }

    await harmless(desk.page);
    await company.site.remove();
  });
}

test("hostile texts are sentences in the review queue and in the playground", async ({ people, server, api, steps }) => {
  test.setTimeout(TIME_MS_MAX);
  const company = await Company.open(api, server.at("widget"));
  const texts = packed(HOSTILE, COMMENT_CHARS, "\n");
  // What has no word in it teaches nothing, and is refused.
  const items = (await inTurns(texts, (text) => reported(server, api, company, text))).filter((id) => id !== undefined);
  const desk = await people.desk("zh", UNPROTECTED);
  const main = desk.page.getByRole("main");
  const rows = main.locator("[data-review]");
  await desk.go("/training/reviews?reason=corrected");
  await expect(rows.first()).toBeVisible();
  const shown = await rows.count();
  expect(shown).toBeGreaterThan(20);

  for (let row = 0; row < shown; row += 1) {
    await expect(rows.nth(row)).toHaveAttribute("aria-current", "true");
    if (row % 10 === 0) {
      await desk.page.keyboard.press("c");
      await expect(desk.page.getByRole("dialog")).toBeVisible();
      await harmless(desk.page);
      await desk.page.keyboard.press("Escape");
      await expect(desk.page.getByRole("dialog")).toHaveCount(0);
    }
    await desk.page.keyboard.press("j");
  }
  await fits(main);
  await harmless(desk.page);
  await steps.shoot(desk.page, "queue");

  await desk.go("/training/playground");
  for (const text of everyNth(texts, 5)) {
    await desk.page.getByRole("textbox").fill(text);
    const answered = desk.page.waitForResponse((answer) => answer.url().endsWith("/nlu/parse"));
    await desk.page.getByRole("textbox").press("Enter");
    expect((await answered).status()).toBe(200);
    await expect(main.getByRole("region", { name: desk.words.of("console", "playground.result") })).toBeVisible();
    await fits(main);
    await harmless(desk.page);
  }
  await steps.shoot(desk.page, "playground");
  // The queue is left as it was found.
  await inTurns(items, (id) => api.post(`/nlu/reviews/${id}/decide`, { decision: "reject" }));
  await company.site.remove();
});

test("hostile names of files are names at the widget and at the desk", async ({ people, server, api, steps }) => {
  test.setTimeout(TIME_MS_MAX);
  const { key } = await api.inbox();
  // Whatever stands before a slash is cut off, so they are written otherwise.
  const names = ofOneLine(SHOWN_CHARS - ".txt".length).map((name) => `${name.replace(/[/\\]/g, "\u2215")}.txt`);
  const share = Math.ceil(names.length / 8);
  const desk = await people.desk("zh", UNPROTECTED);
  await desk.sitDown();
  let taken = 0;
  for (let from = 0; from < names.length; from += share) {
    const setting = from === 0 ? {} : UNPROTECTED;
    const visitor = await people.visitorOfInbox("zh", key, setting);
    await visitor.askForPerson();
    await desk.open(await visitor.conversation());

    const sent = await Guest.withToken(server.origin, key, await tokenOf(visitor.page, key)).sendFiles(names.slice(from, from + share));

    await expect(visitor.thread.locator(".file")).toHaveCount(sent);
    await expect(desk.thread.locator("a[download][href]")).toHaveCount(sent);
    await harmless(desk.page, visitor.page);
    if (from === 0) await steps.shoot(visitor.page, "visitor");
    if (from === 0) await steps.shoot(desk.page, "desk");
    taken += sent;
    await visitor.page.close();
  }
  const speakable = names.filter((name) => !CONTROL.test(name)).length;
  expect(taken, "a form whose fields hold control characters is none").toBe(speakable);
});

test("hostile words in the address of the widget, and on the tag of the loader, do nothing", async ({ people, server, api }) => {
  const { key } = await api.inbox();
  const page = await people.page("en", UNPROTECTED);
  const fields = packed(HOSTILE, 1_500, " ");
  for (const [index, text] of everyNth(fields, 3).entries()) {
    const query = index % 2 === 0 ? { inbox: key, locale: text } : { inbox: text, locale: "en" };
    await page.goto(`${server.at("widget")}/widget/?${new URLSearchParams(query)}`);
    await expect(page.locator("#app")).not.toBeEmpty();
    await harmless(page);
  }
  const company = await Company.open(api, server.at("widget"));
  people.watchOf(page).allow(company.site.origin);
  for (const text of everyNth(fields, 20)) {
    company.site.show(tagged(server.at("widget"), company.key, text));
    await page.goto(company.site.origin);
    await page.locator("#attune").getByRole("button").click();
    await expect(page.frameLocator("#attune iframe").getByRole("log")).toBeVisible();
    await harmless(page);
  }
  await company.site.remove();
});

test("hostile tags and canned responses are words in settings, menus and answers", async ({ people, api, steps }) => {
  const visitor = await people.visitorOfInbox("zh", (await api.inbox()).key);
  const desk = await people.desk("zh");
  await desk.sitDown();
  await visitor.askForPerson();
  const conversation = await visitor.conversation();
  const tags: number[] = [];
  for (const name of everyNth(ofOneLine(TAG_CHARS_MAX), 8)) {
    const made = await api.tryPost<{ id: number }>("/tags", { name, color: "#336699" });
    if (made) tags.push(made.id);
  }
  expect(tags.length).toBeGreaterThan(20);
  for (const [index, text] of everyNth(HOSTILE, 35).entries())
    await api.tryPost("/canned-responses", { short_code: `x${index}`, language: "zh", text });

  await api.put(`/conversations/${conversation}/tags`, { tags: tags.slice(0, 10) });
  await desk.open(conversation);
  await expect(desk.panel).toContainText("<");
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
    await expect(desk.page.getByText("<").first()).toBeVisible();
    await steps.shoot(desk.page, place);
    await harmless(desk.page);
  }
});

/** So many users of a company, whom it has vouched for. */
async function crowd(server: Server, company: Company, count: number): Promise<{ sub: string; guest: Guest }[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const sub = randomUUID();
      return { sub, guest: await Guest.enter(server.origin, company.key, company.sign({ sub })) };
    }),
  );
}

/** The company says what somebody is called now, who then says something; returns the conversation. */
async function renamed(
  company: Company,
  guests: readonly { sub: string; guest: Guest }[],
  index: number,
  name: string,
  text: string,
): Promise<number> {
  const { sub, guest } = guests[index] as { sub: string; guest: Guest };
  if (name.trim() !== "") await guest.identify(company.sign({ sub, name }));
  return guest.say(text);
}

/** Somebody whose addresses are hostile has rated a resolved conversation: its number, and the mark in the comment. */
async function rated(
  server: Server,
  api: Api,
  company: Company,
  comment: string,
  index: number,
  lines: readonly string[],
): Promise<[number, string]> {
  // There are more lines than raters: they are taken from all over the list.
  const line = (offset: number) => lines[((index * 3 + offset) * STRIDE) % lines.length] ?? "";
  const identity = company.sign({ sub: randomUUID(), name: line(0), email: line(1), phone: line(2) });
  const guest = await Guest.enter(server.origin, company.key, identity);
  const conversation = await guest.say(comment);
  await api.post(`/conversations/${conversation}/resolve`);
  const mark = `⟦${index}⟧`;
  await guest.rate(1 + (index % 5), `${comment}${mark}`);
  return [conversation, mark];
}

/** Somebody said something, and a colleague reports that the bot misunderstood it; returns the item of the queue. */
async function reported(server: Server, api: Api, company: Company, text: string): Promise<number | undefined> {
  const guest = await Guest.enter(server.origin, company.key, company.sign({ sub: randomUUID() }));
  const conversation = await guest.say(text);
  const path = `/conversations/${conversation}/messages`;
  const thread = await api.get<{ items: { seq: number; sender: { kind: string } }[] }>(path);
  const seq = thread.items.find(({ sender }) => sender.kind === "contact")?.seq;
  const item = await api.tryPost<{ id: number }>("/nlu/reviews", { conversation_id: conversation, seq, intent: "other" });
  return item?.id;
}

/** A company's page whose tag carries a text in each of its fields. */
function tagged(widget: string, key: string, text: string): string {
  const value = text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("\u0000", "");
  return `<!doctype html><html lang="${value}"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">
<script src="${widget}/loader.js" data-inbox="${key}" data-locale="${value}" data-side="${value}" data-origin="${value}" defer></script></html>`;
}

/** The visitor's token, as the widget keeps it. */
async function tokenOf(page: Page, key: string): Promise<string> {
  const kept = await page.evaluate((name) => localStorage.getItem(name) ?? "{}", `attune:${key}`);
  return (JSON.parse(kept) as { token: string }).token;
}

function everyOther<T>(all: readonly T[], odd: boolean): T[] {
  return all.filter((_, index) => index % 2 === (odd ? 1 : 0));
}

/** Does something with every one, several at once. */
async function inTurns<T, R>(all: readonly T[], act: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const AT_ONCE = 8;
  for (let at = 0; at < all.length; at += AT_ONCE)
    results.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map((one, index) => act(one, at + index)))));
  return results;
}
