/**
 * The bot learns: a visitor says what it does not know, a trainer corrects that by keyboard, trains, reads
 * how the new release differs, publishes it while a visitor keeps writing, and rolls it back.
 */
import type { Api } from "../harness/api.ts";
import { type People, PHONE, expect, test } from "../harness/test.ts";
import { Trainer } from "../harness/trainer.ts";
import type { Visitor } from "../harness/visitor.ts";
import { LOCALES, type Locale } from "../harness/words.ts";

/** Messages before, while and after the releases change; the server takes twenty in ten seconds. */
const BEFORE = [1, 2, 3, 4, 5];
const MEANWHILE = [6, 7, 8, 9, 10, 11, 12];
const AFTER = [13, 14, 15, 16, 17];

/** Something that the demo bot takes for nothing in particular, what it is meant to be, and a plain way to say that. */
const SAY = {
  zh: { unknown: "荷包还鼓不鼓", intent: "query_balance", known: "账户余额怎么看", again: "我想查询基金的收益情况" },
  en: { unknown: "my goose laid no golden egg", intent: "query_yield", known: "show me my profit please", again: "where is my parcel" },
} as const;

for (const locale of LOCALES) {
  test(`a trainer teaches the bot and takes it back (${locale})`, async ({ people, api, steps }) => {
    test.setTimeout(180_000);
    const say = SAY[locale];
    const right = await answerTo(people, locale, say.known);
    const wrong = await answerTo(people, locale, say.unknown);
    expect(wrong).not.toBe(right);

    const trainer = new Trainer(await people.desk(locale));
    const { page } = trainer.desk;
    await trainer.openQueue();
    await trainer.walkTo(say.unknown);
    await steps.shoot(page, "queue");
    await trainer.correct(say.intent);
    await expect(trainer.item(say.unknown)).toHaveCount(0);

    await trainer.openReleases();
    const number = await trainer.train();
    await steps.shoot(page, "trained");
    await trainer.open(number);
    await expect(trainer.verdict).toContainText("p = ");
    await steps.shoot(page, "compared");
    expect(await answerTo(people, locale, say.unknown), "nothing is published yet").toBe(wrong);

    const writer = await people.visitor(locale);
    await writer.open();
    await write(writer, say.again, BEFORE);
    await Promise.all([trainer.publish(number), write(writer, say.again, MEANWHILE)]);
    await write(writer, say.again, AFTER);
    await nothingWasLost(writer, api, say.again);
    expect(await answerTo(people, locale, say.unknown)).toBe(right);
    await steps.shoot(page, "published");

    await trainer.openReleases();
    await trainer.rollBack();
    await expect(trainer.releases.first()).toContainText(trainer.desk.words.of("console", "releases.state.retired"));
    expect(await answerTo(people, locale, say.unknown)).toBe(wrong);
    await steps.shoot(page, "rolled-back");
  });
}

test("a trainer has a phone", async ({ people, steps }) => {
  const visitor = await people.visitor("zh", PHONE);
  await visitor.open();
  await visitor.say("我的小猪罐里有几个铜板");
  const trainer = new Trainer(await people.desk("zh", PHONE));
  const { page } = trainer.desk;
  await trainer.openQueue();
  await expect(trainer.item("我的小猪罐里有几个铜板")).toBeVisible({ timeout: 30_000 });
  await trainer.item("我的小猪罐里有几个铜板").tap();
  await page.getByRole("button", { name: trainer.desk.words.of("console", "reviews.reject") }).tap();
  await expect(trainer.item("我的小猪罐里有几个铜板")).toHaveCount(0);
  for (const path of ["reviews", "discovery", "examples", "releases", "playground"]) {
    await trainer.desk.go(`/training/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const excess_px = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(excess_px, path).toBeLessThanOrEqual(0);
    await steps.shoot(page, path);
  }
});

/** What the bot answers somebody who says only this. */
async function answerTo(people: People, locale: Locale, text: string): Promise<string> {
  const visitor = await people.visitor(locale);
  await visitor.open();
  const before = await visitor.fromBot.count();
  await visitor.say(text);
  await expect(visitor.fromBot).toHaveCount(before + 1);
  const answer = await visitor.fromBot.last().innerText();
  await visitor.page.close();
  return answer;
}

/** Writes one message after the other, each with its number. */
async function write(visitor: Visitor, text: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await visitor.say(`${text} (${number})`);
}

/** Each message is in the thread once and was answered, for the visitor as for the desk. */
async function nothingWasLost(visitor: Visitor, api: Api, text: string): Promise<void> {
  const said = [...BEFORE, ...MEANWHILE, ...AFTER].map((number) => `${text} (${number})`);
  for (const each of said)
    await expect(visitor.thread.locator(".from-contact .bubble").filter({ hasText: each })).toHaveCount(1);
  const thread = await api.get<{ items: { text: string; sender: { kind: string } }[] }>(
    `/conversations/${await visitor.conversation()}/messages?limit=100`,
  );
  const by = (kind: string) => thread.items.filter(({ sender }) => sender.kind === kind);
  expect(by("contact").map((message) => message.text).toSorted()).toEqual(said.toSorted());
  expect(by("bot").length, "each was answered").toBeGreaterThanOrEqual(said.length);
}
