/** Tabs, sites and users of one browser: what belongs together stays together, and nothing else does. */
import { generateKeyPairSync } from "node:crypto";

import type { Locator, Page } from "@playwright/test";

import { Company } from "../harness/company.ts";
import { ownIdentity, signedIdentity } from "../harness/identity.ts";
import { type People, expect, test } from "../harness/test.ts";
import { marksIn } from "../harness/thread.ts";
import { Visitor } from "../harness/visitor.ts";
import { LOCALES, Words } from "../harness/words.ts";

const TABS = 3;

for (const locale of LOCALES) {
  test(`two tabs of one visitor show one thread (${locale})`, async ({ people, api, server, steps }) => {
    const inbox = (await api.inbox()).key;
    const first = await people.visitorOfInbox(locale, inbox);
    await first.say("⟦first tab⟧");

    const words = new Words(locale);
    const second = await Visitor.onOwnPage(await first.page.context().newPage(), server.at("widget"), inbox, words);
    await expect(second.thread).toContainText("⟦first tab⟧");
    await second.say("⟦second tab⟧");

    await expect(first.thread).toContainText("⟦second tab⟧");
    await first.say("⟦first again⟧");
    await expect(second.thread).toContainText("⟦first again⟧");
    await expect(async () => expect(await marksIn(second.bubbles)).toEqual(await marksIn(first.bubbles))).toPass();
    expect(await marksIn(first.bubbles)).toEqual(["⟦first tab⟧", "⟦second tab⟧", "⟦first again⟧"]);
    await steps.shoot(second.page, "second-tab");
  });
}

test("two companies and two users in one browser never mix", async ({ people, server, api }) => {
  const [shop, bank] = [await Company.open(api, server.at("widget")), await Company.open(api, server.at("widget"))];
  const page = await people.page("en");
  for (const origin of [server.at("widget"), shop.site.origin, bank.site.origin]) people.watchOf(page).allow(origin);
  const ann = { shop: signed(shop, "ann"), bank: signed(bank, "ann") };
  const bob = { shop: signed(shop, "bob"), bank: signed(bank, "bob") };

  // Ann at both companies, in three tabs.
  const annShop = await at(shop, page, ann.shop);
  await annShop.say("⟦ann at the shop⟧");
  const annBank = await at(bank, await page.context().newPage(), ann.bank);
  await annBank.say("⟦ann at the bank⟧");
  const annShopToo = await at(shop, await page.context().newPage(), ann.shop);
  await expect(annShopToo.thread).toContainText("⟦ann at the shop⟧");
  expect(await marksIn(annBank.bubbles)).toEqual(["⟦ann at the bank⟧"]);

  // Bob signs in at the shop, in the same browser; the other tab of the shop follows or shows nothing of him.
  await annShop.identify(bob.shop);
  await expect(annShop.thread).not.toContainText("ann");
  await annShop.say("⟦bob at the shop⟧");
  expect(await marksIn(annShop.bubbles)).toEqual(["⟦bob at the shop⟧"]);
  await neverBoth(annShopToo);
  expect(await marksIn(annBank.bubbles)).toEqual(["⟦ann at the bank⟧"]);

  // A fourth tab as Bob, and Ann again elsewhere: everybody finds their own.
  const bobShop = await at(shop, await page.context().newPage(), bob.shop);
  await expect(bobShop.thread).toContainText("⟦bob at the shop⟧");
  expect(await marksIn(bobShop.bubbles)).toEqual(["⟦bob at the shop⟧"]);
  await annBank.say("⟦ann at the bank again⟧");
  await bobShop.identify(ann.shop);
  await expect(bobShop.thread).toContainText("⟦ann at the shop⟧");
  expect(await marksIn(bobShop.bubbles)).toEqual(["⟦ann at the shop⟧"]);
  await neverBoth(annShop);
  await neverBoth(annShopToo);
  await annBank.identify(bob.bank);
  await expect(annBank.thread).not.toContainText("ann");
  expect(await marksIn(annBank.bubbles)).toEqual([]);

  // The same Ann on another device has the same threads.
  const elsewhere = await another(people, server.at("widget"), shop);
  const annElsewhere = await at(shop, elsewhere, signed(shop, "ann"));
  await expect(annElsewhere.thread).toContainText("⟦ann at the shop⟧");
  expect(await marksIn(annElsewhere.bubbles)).toEqual(["⟦ann at the shop⟧"]);
  await Promise.all([shop.site.remove(), bank.site.remove()]);
});

test("two companies, two users and three tabs each: all see their own, and one logout wipes all tabs", async ({ people, server, api }) => {
  const companies = { shop: await Company.open(api, server.at("widget")), bank: await Company.open(api, server.at("widget")) };
  const page = await people.page("en");
  const context = page.context();
  for (const { site } of Object.values(companies)) people.watchOf(page).allow(site.origin);
  const open = async (name: keyof typeof companies, user: string) => {
    const tabs: Visitor[] = [];
    for (let tab = 0; tab < TABS; tab += 1) tabs.push(await at(companies[name], await context.newPage(), signed(companies[name], user)));
    return tabs;
  };
  const tokens: string[] = [];

  for (const user of ["ann", "bob"]) {
    const tabs = { shop: await open("shop", user), bank: await open("bank", user) };
    for (const name of ["shop", "bank"] as const)
      for (const [index, visitor] of tabs[name].entries()) await visitor.say(`⟦${user} at the ${name}, tab ${index}⟧`);
    const own = (name: string) => Array.from({ length: TABS }, (_, index) => `⟦${user} at the ${name}, tab ${index}⟧`);
    for (const name of ["shop", "bank"] as const)
      for (const visitor of tabs[name]) await expect.poll(() => marksIn(visitor.bubbles)).toEqual(own(name));
    const [first] = tabs.shop as [Visitor];
    tokens.push(...tokensIn(await kept(first.page)));

    await first.logOut();

    for (const visitor of tabs.shop) await expect.poll(() => marksIn(visitor.bubbles)).toEqual([]);
    for (const visitor of tabs.bank) expect(await marksIn(visitor.bubbles)).toEqual(own("bank"));
    await (tabs.bank[0] as Visitor).logOut();
    for (const visitor of tabs.bank) await expect.poll(() => marksIn(visitor.bubbles)).toEqual([]);
    const left = await Promise.all([...tabs.shop, ...tabs.bank].map((visitor) => kept(visitor.page)));
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(left.join()).not.toContain(token);
    for (const visitor of [...tabs.shop, ...tabs.bank]) await visitor.page.close();
  }

  const [again] = await open("shop", "ann");
  await expect(again?.thread as Locator).toContainText("⟦ann at the shop, tab 2⟧");
  expect((await marksIn((again as Visitor).bubbles)).filter((mark) => !mark.startsWith("⟦ann at the shop"))).toEqual([]);
  await Promise.all(Object.values(companies).map(({ site }) => site.remove()));
});

test("logging out wipes what the browser knew", async ({ people, server, api }) => {
  const shop = await Company.open(api, server.at("widget"));
  const page = await people.page("en");
  for (const origin of [server.at("widget"), shop.site.origin]) people.watchOf(page).allow(origin);
  const visitor = await at(shop, page, signed(shop, "ann"));
  await visitor.say("⟦secret of ann⟧");
  expect(await kept(page)).toMatch(/"token":"/);
  const token = /"token":"([^"]+)"/.exec(await kept(page))?.[1] ?? "";

  await visitor.logOut();

  await expect(visitor.thread).not.toContainText("secret of ann");
  expect(await kept(page)).not.toContain(token);
  await page.reload();
  await visitor.open();
  await expect(visitor.thread).not.toContainText("secret of ann");
  await visitor.say("⟦a stranger⟧");
  expect(await marksIn(visitor.bubbles)).toEqual(["⟦a stranger⟧"]);
  const answer = await page.request.get(`${server.origin}/api/v1/visitor/messages`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await answer.text(), "the token of before is worth nothing").not.toContain("ann");
  await shop.site.remove();
});

test("an identity that the company has not signed is turned away", async ({ people, server, api }) => {
  const [shop, bank] = [await Company.open(api, server.at("widget")), await Company.open(api, server.at("widget"))];
  const ann = await at(shop, await another(people, server.at("widget"), shop), signed(shop, "ann"));
  await ann.say("⟦secret of ann⟧");

  for (const forged of [
    signedIdentity(shop.key, "another secret, long enough to be one", { sub: "ann" }),
    bank.sign({ sub: "ann" }),
    shop.signFor(bank.key, { sub: "ann" }),
  ]) {
    const page = await another(people, server.at("widget"), shop);
    const mallory = await Visitor.onSite(page, shop.site.origin, new Words("en"));
    await mallory.identify(forged);
    await mallory.launcher.click();
    await expect(mallory.banner).toContainText(mallory.words.of("widget", "connection.refused"));
    await expect(mallory.thread).not.toContainText("secret of ann");
    expect(mallory.frames.filter((frame) => frame.includes("secret of ann"))).toEqual([]);
  }
  await Promise.all([shop.site.remove(), bank.site.remove()]);
});

for (const locale of LOCALES) {
  test(`a company signs with a key of its own (${locale})`, async ({ people, server, api, steps }) => {
    const shop = await Company.open(api, server.at("widget"));
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const desk = await people.desk(locale);
    await desk.go("/settings/inboxes");
    const row = desk.page.getByRole("listitem").filter({ hasText: shop.name });
    await row.getByRole("button", { name: desk.words.of("console", "inboxes.setUp") }).click();
    const dialog = desk.page.getByRole("dialog");
    const field = dialog.getByLabel(desk.words.of("console", "inboxes.publicKey"));
    const save = dialog.getByRole("button", { name: desk.words.of("console", "common.save") });
    await field.fill("hello");
    await save.click();
    await expect(dialog).toContainText("BEGIN PUBLIC KEY");
    await steps.shoot(desk.page, "key-refused");
    await field.fill(publicKey.export({ type: "spki", format: "pem" }).toString());
    await save.click();
    await expect(dialog).toHaveCount(0);

    const page = await another(people, server.at("widget"), shop);
    const ann = await at(shop, page, ownIdentity(shop.key, privateKey, { sub: "ann" }));
    await ann.say("⟦ann by her company's key⟧");

    const again = await another(people, server.at("widget"), shop);
    const elsewhere = await at(shop, again, signed(shop, "ann"));
    await expect(elsewhere.thread).toContainText("⟦ann by her company's key⟧");
    await shop.site.remove();
  });
}

function signed(company: Company, sub: string): string {
  return company.sign({ sub, name: sub });
}

/** Opens a company's site in a page as somebody who is signed in there. */
async function at({ site }: Company, page: Page, identity: string): Promise<Visitor> {
  const visitor = await Visitor.onSite(page, site.origin, new Words("en"));
  await visitor.identify(identity);
  await visitor.open();
  return visitor;
}

/** A browser of its own. */
async function another(people: People, attune: string, { site }: Company): Promise<Page> {
  const page = await people.page("en", { origin: site.origin });
  people.watchOf(page).allow(attune);
  return page;
}

/** Whoever the page takes its user for, it shows nothing of the other. */
async function neverBoth(visitor: Visitor): Promise<void> {
  const names = new Set((await marksIn(visitor.bubbles)).map((text) => /ann|bob/.exec(text)?.[0]));
  expect(names.size, [...names].join()).toBeLessThanOrEqual(1);
}

/** Everything that the widget's origin keeps in this browser. */
async function kept(page: Page): Promise<string> {
  const frame = page.frames().find((one) => one.url().includes("/widget/"));
  if (!frame) throw new Error("the page has no widget");
  return frame.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]).replaceAll("\\", ""));
}

function tokensIn(storage: string): string[] {
  return [...storage.matchAll(/"token":"([^"]+)"/g)].map(([, token]) => token as string);
}
