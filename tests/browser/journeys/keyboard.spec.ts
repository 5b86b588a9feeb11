/** The main journey without a mouse, for the visitor and for the agent. */
import { tabTo } from "../harness/keys.ts";
import { expect, test } from "../harness/test.ts";
import { LOCALES } from "../harness/words.ts";

const SAY = {
  zh: { question: "我想查询基金的收益情况", person: "转人工客服", reply: "您好，我来帮您", note: "备注一条", comment: "很好" },
  en: { question: "show me my profit please", person: "I want to talk to a person", reply: "Hello, I will help", note: "a note", comment: "good" },
} as const;

for (const locale of LOCALES) {
  test(`visitor and agent need no mouse (${locale})`, async ({ people, steps }) => {
    const say = SAY[locale];
    const desk = await people.desk(locale);
    await desk.sitDown();
    const visitor = await people.visitor(locale);
    const keys = visitor.page.keyboard;

    // The visitor opens the chat, asks, and takes a quick reply.
    await tabTo(visitor.page, visitor.launcher);
    await keys.press("Enter");
    await expect(visitor.field).toBeFocused();
    await keys.type(say.question);
    await keys.press("Enter");
    await expect(visitor.replies.first()).toBeVisible();
    await expect(visitor.fromBot.nth(1)).toBeVisible();
    const answers = await visitor.fromBot.count();
    await tabTo(visitor.page, visitor.replies.first(), "Shift+Tab");
    await steps.shoot(visitor.page, "reply-focused");
    await keys.press("Enter");
    await expect.poll(() => visitor.fromBot.count()).toBeGreaterThan(answers);
    await tabTo(visitor.page, visitor.field);
    await keys.type(say.person);
    await keys.press("Enter");
    await expect(visitor.header).toContainText(visitor.words.of("widget", "header.waiting"));

    // The agent walks to it, takes it, answers, notes.
    const conversation = await visitor.conversation();
    const agent = desk.page.keyboard;
    await expect(desk.row(conversation)).toBeVisible();
    await expect(async () => {
      await agent.press("j");
      await expect(desk.row(conversation)).toHaveAttribute("aria-current", "page", { timeout: 500 });
    }).toPass();
    await expect(desk.thread).toBeVisible();
    await agent.press("a");
    await expect(desk.button("conversation.take")).toHaveCount(0);
    await agent.press("r");
    await expect(desk.field).toBeFocused();
    await steps.shoot(desk.page, "answering");
    await agent.type(say.reply);
    await agent.press("Control+Enter");
    await expect(visitor.fromAgent.filter({ hasText: say.reply })).toBeVisible();
    await desk.field.blur();
    await agent.press("n");
    await expect(desk.noteField).toBeFocused();
    await agent.type(say.note);
    await agent.press("Control+Enter");
    await expect(desk.said(say.note)).toBeVisible();
    await desk.noteField.blur();
    await agent.press("e");
    await expect(desk.page.getByText(desk.words.of("console", "answer.resolved"))).toBeVisible();

    // The visitor rates, and closes the chat.
    const best = visitor.locator(".rating").getByRole("radio").last();
    await tabTo(visitor.page, best, "Shift+Tab");
    await keys.press("Space");
    await expect(best).toBeChecked();
    await keys.press("Tab");
    await keys.type(say.comment);
    await steps.shoot(visitor.page, "rating");
    await keys.press("Tab");
    await keys.press("Enter");
    await expect(visitor.locator(".thanks")).toBeVisible();
    await expect(desk.panel).toContainText(say.comment);
    await tabTo(visitor.page, visitor.field);
    await keys.press("Escape");
    await expect(visitor.launcher).toHaveAttribute("aria-expanded", "false");
    await expect(visitor.launcher).toBeFocused();
  });
}
