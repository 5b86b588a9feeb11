/**
 * What the bot notices beside a message's meaning: how a visitor feels is seen in the list, above the thread and in why it handed over;
 * what is named stands in the summary, and is marked in the playground.
 */
import { expect, test } from "../harness/test.ts";
import { LOCALES } from "../harness/words.ts";

const SAY = {
  zh: {
    worried: "我很担心，钱会不会丢",
    angry: ["太慢了，我的快递到哪了", "还是没有收到！什么态度！"],
    why: "对方接连几条消息都有怒气",
    named: "我的订单号是 ZM20261122001，卡号 4111 1111 1111 1111",
    summary: ["订单号 ZM20261122001", "银行卡 ••••1111"],
    try: "下周三前把稳健债券基金退 500 元到卡 4111 1111 1111 1111",
    marks: ["下周三", "稳健债券基金", "500 元", "4111 1111 1111 1111"],
  },
  en: {
    worried: "I'm worried, is my money safe?",
    angry: ["this is ridiculous, where is my parcel", "it is still not here! I am fed up!"],
    why: "the contact has been angry for several messages",
    named: "my order is ZM20261122001, card 4111 1111 1111 1111",
    summary: ["order ZM20261122001", "bank card ••••1111"],
    try: "next Wednesday put 500 CNY from the Steady Bond Fund on card 4111 1111 1111 1111",
    marks: ["next Wednesday", "500 CNY", "Steady Bond Fund", "4111 1111 1111 1111"],
  },
} as const;

for (const locale of LOCALES) {
  test(`the desk sees how a visitor feels (${locale})`, async ({ people, steps }) => {
    const say = SAY[locale];
    const desk = await people.desk(locale);
    const of = (key: string, values?: Record<string, string>) => desk.words.of("console", key, values);
    const mood = (emotion: string) => of("conversation.moodIs", { mood: of(`emotion.${emotion}`) });
    await desk.sitDown();

    const angry = await people.visitor(locale);
    await angry.open();
    for (const text of say.angry) {
      const before = await angry.fromBot.count();
      await angry.say(text);
      await expect.poll(() => angry.fromBot.count()).toBeGreaterThan(before);
    }
    const conversation = await angry.conversation();
    await expect(desk.row(conversation).getByRole("img", { name: mood("anger") })).toBeVisible();
    await desk.open(conversation);
    await expect(desk.pane.getByText(mood("anger"))).toBeAttached();
    await expect(desk.handoff).toContainText(of("handoff.reason.angry"));
    await expect(desk.handoff).toContainText(say.why);
    await steps.shoot(desk.page, "angry");

    await angry.say(say.worried);
    await expect(desk.row(conversation).getByRole("img", { name: mood("anxiety") })).toBeVisible();
    await steps.shoot(desk.page, "worried");
  });

  test(`what is named is told in the summary and marked in the playground (${locale})`, async ({ people, steps }) => {
    const say = SAY[locale];
    const desk = await people.desk(locale);
    await desk.sitDown();
    const visitor = await people.visitor(locale);
    await visitor.open();
    const before = await visitor.fromBot.count();
    await visitor.say(say.named);
    await expect.poll(() => visitor.fromBot.count()).toBeGreaterThan(before);
    await visitor.askForPerson();
    await desk.open(await visitor.conversation());
    for (const told of say.summary) await expect(desk.handoff).toContainText(told);
    await expect(desk.handoff).not.toContainText("4111 1111");
    await steps.shoot(desk.page, "summary");

    await desk.go("/training/playground");
    await desk.page.getByLabel(desk.words.of("console", "playground.text")).fill(say.try);
    await desk.button("playground.ask").click();
    const marks = desk.page.locator("mark[data-kind]");
    await expect(marks).toHaveText([...say.marks]);
    await expect(desk.page.getByRole("list", { name: desk.words.of("console", "playground.entities") })).toContainText("500 CNY");
    await steps.shoot(desk.page, "playground");
  });
}
