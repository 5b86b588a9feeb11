/** The main journey: a question, an answer, a person, a rating; in both languages. */
import type { Desk } from "../harness/desk.ts";
import { expect, test } from "../harness/test.ts";
import type { Visitor } from "../harness/visitor.ts";
import { LOCALES } from "../harness/words.ts";

const SAY = {
  zh: {
    question: "我想查询基金的收益情况",
    answer: "我的 → 资产 → 收益",
    intent: "查询收益",
    reply: "您好，我是林知远，收益明细已经发到您的站内信。",
    note: "内部：客户持有稳健增利，注意适当性。",
    comment: "回复很快，讲得清楚",
    again: "怎么申请退货",
    agent: "林知远",
  },
  en: {
    question: "How much did my fund make yesterday?",
    answer: "Me › Assets › Returns",
    intent: "Check my returns",
    reply: "Hello, the statement is in your mailbox now.",
    note: "Internal: holds the balanced fund, mind the suitability rules.",
    comment: "Quick and clear",
    again: "How do I return something I bought?",
    agent: "林知远",
  },
} as const;

for (const locale of LOCALES) {
  test(`a visitor asks, a bot answers, a person takes over and is rated (${locale})`, async ({ people, steps }) => {
    const say = SAY[locale];
    const desk = await people.desk(locale);
    await desk.sitDown();
    await desk.markPage();
    const visitor = await people.visitor(locale);
    await steps.shoot(visitor.page, "company-page");

    await visitor.open();
    await steps.shoot(visitor.page, "chat-open");
    await visitor.say(say.question);
    await expect(visitor.fromBot.filter({ hasText: say.answer })).toBeVisible();
    await expect(visitor.replies.first()).toBeVisible();
    await steps.shoot(visitor.page, "bot-answers");

    const reply = visitor.replies.first();
    const title = await reply.innerText();
    const answers = await visitor.fromBot.count();
    await reply.click();
    await expect(visitor.mine(title)).toBeVisible();
    await expect.poll(() => visitor.fromBot.count()).toBeGreaterThan(answers);
    await steps.shoot(visitor.page, "quick-reply");

    await visitor.askForPerson();
    await steps.shoot(visitor.page, "asked-for-person");
    const conversation = await visitor.conversation();
    await expect(desk.row(conversation)).toBeVisible();
    await steps.shoot(desk.page, "seen-in-list");
    await desk.open(conversation);
    await expect(desk.handoff).toContainText(desk.words.of("console", "handoff.reason.asked"));
    await expect(desk.handoff).toContainText(say.intent);
    await steps.shoot(desk.page, "handoff");

    await desk.take();
    await desk.answer(say.reply);
    await expect(visitor.fromAgent.filter({ hasText: say.reply })).toContainText(say.agent);
    await expect(visitor.header).toContainText(say.agent);
    await steps.shoot(visitor.page, "person-answers");
    await steps.shoot(desk.page, "answered");

    await desk.note(say.note);
    await steps.shoot(desk.page, "note");
    await visitor.say("👍");
    await expect(desk.said("👍")).toBeVisible();
    await neverReached(visitor, say.note);

    await desk.resolve();
    await steps.shoot(desk.page, "resolved");
    await expect(visitor.locator(".rating")).toBeVisible();
    await steps.shoot(visitor.page, "asked-to-rate");
    await visitor.rate(5, say.comment);
    await expect(visitor.locator(".thanks")).toBeVisible();
    await steps.shoot(visitor.page, "rated");
    await ratingIsShown(desk, 5, say.comment);
    await steps.shoot(desk.page, "rating");

    const before = await visitor.fromBot.count();
    await visitor.say(say.again);
    await expect.poll(() => visitor.fromBot.count()).toBeGreaterThan(before);
    await steps.shoot(visitor.page, "bot-again");
    await neverReached(visitor, say.note);
    expect(await desk.isSamePage(), "the desk was never reloaded").toBe(true);
  });
}

test("a login link opens the door once", async ({ people, server }) => {
  const desk = await people.desk("zh", { signedIn: false });

  await desk.page.goto(server.loginLink);

  await expect(desk.page.getByText(desk.words.of("console", "login.linkFailed"))).toBeVisible();
  expect(desk.page.url(), "the token does not stay in the address").not.toContain("token");
  expect(await desk.page.context().cookies()).toEqual([]);
});

async function ratingIsShown(desk: Desk, score: number, comment: string): Promise<void> {
  const stars = desk.words.of("console", "facts.stars", { score });
  await expect(desk.panel.getByRole("img", { name: stars })).toBeVisible();
  await expect(desk.panel).toContainText(comment);
}

/** Neither on the screen nor on the wire. */
async function neverReached(visitor: Visitor, note: string): Promise<void> {
  await expect(visitor.thread).not.toContainText(note);
  expect(visitor.frames.filter((frame) => frame.includes(note))).toEqual([]);
}
