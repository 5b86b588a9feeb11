/** How a visitor feels is seen at the desk: in the list, above the thread, and in why the bot handed over. */
import { expect, test } from "../harness/test.ts";
import { LOCALES } from "../harness/words.ts";

const SAY = {
  zh: {
    worried: "我很担心，钱会不会丢",
    angry: ["太慢了，我的快递到哪了", "还是没有收到！什么态度！"],
    why: "对方接连几条消息都有怒气",
  },
  en: {
    worried: "I'm worried, is my money safe?",
    angry: ["this is ridiculous, where is my parcel", "it is still not here! I am fed up!"],
    why: "the contact has been angry for several messages",
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
}
