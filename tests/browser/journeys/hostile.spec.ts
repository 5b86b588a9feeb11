/** Hostile texts as messages of visitors and agents: nothing runs, nothing is fetched. */
import { randomUUID } from "node:crypto";

import type { Api } from "../harness/api.ts";
import type { Desk } from "../harness/desk.ts";
import { fits, harmless } from "../harness/harmless.ts";
import { DEEDS, HOSTILE, packed, STRANGER } from "../harness/hostile/index.ts";
import { Site } from "../harness/site.ts";
import { type People, type Setting, UNPROTECTED, expect, test } from "../harness/test.ts";
import type { Visitor } from "../harness/visitor.ts";
import { isPwned, PWNED } from "../harness/watch.ts";

const COUNT_MIN = 1_500;
/** Somewhat less than a message may hold, since a mark is added. */
const MESSAGE_CHARS = 3_900;
/** How many messages a visitor may send without a break. */
const BURST = 18;
/** How many threads share the texts that are sent one by one. */
const THREADS = 8;
const AT_ONCE = 16;
const AS_SERVED: Setting = {};
const TIME_MS_MAX = 180_000;

test("the corpus is large, and no text is there twice", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(COUNT_MIN);
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
});

test("what a text would do is noticed when it does it", async ({ people }) => {
  const page = await people.page("en");
  const watch = people.watchOf(page);
  for (const deed of DEEDS) {
    const before = watch.complaints.length;
    const news = () => watch.complaints.slice(before).join("\n");
    await page.goto("about:blank");

    await page.setContent(`<img src="data:,x" onerror="${deed}">`, { waitUntil: "commit" });

    if (deed.includes(STRANGER)) await expect.poll(news, { message: deed }).toMatch(/request to .*stranger/);
    else await expect.poll(async () => news() !== "" || (await isPwned(page)), { message: deed }).toBe(true);
  }
  watch.tolerate(/.*/);
});

test("a text that runs in a widget without its policy would be noticed", async ({ people, api }) => {
  const visitor = await people.visitorOfInbox("en", (await api.inbox()).key, UNPROTECTED);
  await visitor.thread.evaluate((log, mark) => {
    log.innerHTML = `<img src="data:,x" onerror="window.${mark}=1">`;
  }, PWNED);

  await expect.poll(() => isPwned(visitor.page)).toBe(true);
  await expect(harmless(visitor.page)).rejects.toThrow();
});

test("a breach of a policy is noticed, that of trusted types too", async ({ people }) => {
  const site = await Site.open();
  site.protect("default-src 'none'; script-src 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types 'none'");
  site.show("<!doctype html><title>x</title><link rel=icon href=data:,><p id=x></p><script>x.innerHTML = '<b>x</b>'</script>");
  const page = await people.page("en", { origin: site.origin });
  const watch = people.watchOf(page);

  await page.goto(site.origin);

  await expect.poll(() => watch.complaints.join()).toMatch(/policy breached: require-trusted-types-for/);
  watch.tolerate(/.*/);
  await site.remove();
});

test("hostile messages of visitors are words at the widget and at the desk", async ({ people, api, steps }) => {
  test.setTimeout(TIME_MS_MAX);
  const messages = packed(HOSTILE, MESSAGE_CHARS, "\n\n");
  const shares = inShares(messages, Math.ceil(messages.length / BURST));
  const key = (await api.inbox()).key;
  const desk = await people.desk("zh");
  await desk.sitDown();
  const visitors = await Promise.all(shares.map((_, index) => people.visitorOfInbox("zh", key, inTurn(index))));

  const conversations = await Promise.all(shares.map((share, index) => saysAll(visitors[index] as Visitor, share)));

  const unprotected = await people.desk("zh", UNPROTECTED);
  await unprotected.sitDown();
  for (const [index, conversation] of conversations.entries()) {
    const visitor = visitors[index] as Visitor;
    const last = `⟦${(shares[index] ?? []).length - 1}⟧`;
    for (const each of [desk, unprotected]) {
      await each.open(conversation);
      await expect(each.thread).toContainText(last);
    }
    await visitor.page.reload();
    await expect(visitor.thread).toContainText(last);
    await harmless(desk.page, unprotected.page, visitor.page);
    for (const thread of [desk.thread, visitor.thread]) await fits(thread);
    if (index === 0) await steps.shoot(visitor.page, "visitor");
  }
  await steps.shoot(desk.page, "desk");
  await searches(unprotected);
  await steps.shoot(unprotected.page, "search");
});

for (const [how, setting] of Object.entries<Setting>({ "as served": AS_SERVED, "without their policy": UNPROTECTED })) {
  test(`hostile messages of agents, whose Markdown is drawn, are harmless on both sides (pages ${how})`, async ({ people, api, steps }) => {
    test.setTimeout(TIME_MS_MAX);
    const shares = inShares(HOSTILE, THREADS).filter((_, index) => inTurn(index) === setting);
    let taken = 0;
    for (const [index, share] of shares.entries()) {
      const { visitor, desk } = await together(people, api, setting);
      const conversation = await visitor.conversation();

      const accepted = (await severalAtOnce(share, (text) => said(api, conversation, text))).filter(Boolean).length;
      await said(api, conversation, "⟦end⟧");

      await expect(visitor.fromAgent.locator(".bubble")).toHaveCount(accepted + 1, { timeout: 30_000 });
      await expect(visitor.thread).toContainText("⟦end⟧");
      await expect(desk.thread).toContainText("⟦end⟧");
      await harmless(visitor.page, desk.page);
      for (const thread of [desk.thread, visitor.thread]) await fits(thread);
      if (index === 0) await steps.shoot(visitor.page, "visitor");
      if (index === 0) await steps.shoot(desk.page, "desk");
      await Promise.all([visitor.page.close(), desk.page.close()]);
      taken += accepted;
    }
    const given = shares.flat().length;
    expect(taken, "only what is empty once it is cleaned is refused").toBeGreaterThan(given - 10);
  });
}

/** With its policy and without, in turn. */
function inTurn(index: number): Setting {
  return index % 2 === 0 ? AS_SERVED : UNPROTECTED;
}

/** A visitor who asks for a person, and an agent who looks. */
async function together(people: People, api: Api, setting: Setting): Promise<{ visitor: Visitor; desk: Desk }> {
  const visitor = await people.visitorOfInbox("zh", (await api.inbox()).key, setting);
  const desk = await people.desk("zh", setting);
  await desk.sitDown();
  await visitor.askForPerson();
  await desk.open(await visitor.conversation());
  return { visitor, desk };
}

/** Says the first text to the bot, asks for a person, and says the others. */
async function saysAll(visitor: Visitor, texts: readonly string[]): Promise<number> {
  for (const [index, text] of texts.entries()) {
    await visitor.write(`${text}\n⟦${index}⟧`);
    await expect(visitor.mine(`⟦${index}⟧`)).toBeVisible();
    if (index === 0) await visitor.askForPerson();
  }
  await expect(visitor.unconfirmed).toHaveCount(0, { timeout: 60_000 });
  return visitor.conversation();
}

/** Looks for what stands in many of the texts, and for texts themselves, as a link might make an agent do. */
async function searches(desk: Desk): Promise<void> {
  await desk.go(`/search?q=${encodeURIComponent("script")}`);
  await expect(desk.page.getByText("<script>").first()).toBeVisible();
  await harmless(desk.page);
  const texts = HOSTILE.filter((text) => [...text].length <= 100 && /[<(]/.test(text)).filter((_, index) => index % 120 === 0);
  for (const text of texts) {
    await desk.go(`/search?q=${encodeURIComponent(text)}`);
    await expect(desk.page.getByRole("searchbox")).toHaveValue(/\S/);
    await harmless(desk.page);
  }
}

async function said(api: Api, conversation: number, text: string): Promise<boolean> {
  const message = await api.tryPost(`/conversations/${conversation}/messages`, { client_id: randomUUID(), text });
  return message !== undefined;
}

/** Does something with every one, several at once. */
async function severalAtOnce<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) results.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(act))));
  return results;
}

/** Deals cards. */
function inShares<T>(all: readonly T[], count: number): T[][] {
  return Array.from({ length: count }, (_, share) => all.filter((_, index) => index % count === share));
}
