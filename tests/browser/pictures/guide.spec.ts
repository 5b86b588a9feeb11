/** Renews the pictures of the guide; run by `npm run pictures`. */
import { execFileSync } from "node:child_process";
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";

import { Guest } from "../harness/guest.ts";
import { expect, test } from "../harness/test.ts";
import { Trainer } from "../harness/trainer.ts";

const FOLDER = resolve(import.meta.dirname, "../../../docs/guide/pictures");
const BYTES_MAX = 300_000;

/** What visitors say that the demo bot is unsure of. */
const UNKNOWN = [
  ["老人能不能买", "转人工"],
  ["发到国外收件行吗"],
  ["发到国外收件行吗？"],
  ["我的猫把金条吃了能赔吗"],
  ["基金的钱啥时候飞回来"],
  ["我家狗能当受益人吗"],
  ["can my goldfish have a say in this"],
  ["寄东京行不行"],
];
/** What customers asked an earlier system, and in how many conversations. */
const PAST: readonly (readonly [number, readonly string[]])[] = [
  [9, ["旧金条可以换新的吗", "金条以旧换新怎么算", "旧金条换新要补多少钱", "以旧换新收旧金条吗", "想用旧金条换新金条", "换新金条旧的怎么折价"]],
  [7, ["礼品包装能写贺卡吗", "礼品包装要加钱吗", "想要礼品包装写一句话", "礼品包装有几种颜色", "可以做礼品包装送人吗"]],
  [5, ["账单寄纸质的要怎么申请", "想申请纸质账单", "纸质账单寄到哪里", "申请的纸质账单没寄到", "怎么停掉纸质账单"]],
  [4, ["门店周末几点开门", "周末门店开到几点", "门店周日开门吗", "最近的门店几点开门"]],
  [3, ["孩子的名字能开户吗", "给孩子开户要什么证件", "未成年的孩子怎么开户", "孩子开户需要我到场吗"]],
  [1, ["你们老板是谁", "今天下雨了", "招不招暑期工", "能合影吗", "车停哪里"]],
];
/** The queue is filled a moment after something was said. */
const ARRIVAL_MS_MAX = 30_000;

test("the pictures of the guide", async ({ people }) => {
  await mkdir(FOLDER, { recursive: true });
  const visitor = await people.visitor("zh", { viewport: { width: 1180, height: 780 } });
  const desk = await people.desk("zh", { viewport: { width: 1360, height: 820 } });
  await desk.sitDown();

  await visitor.open();
  await visitor.say("我想查询基金的收益情况");
  await expect(visitor.replies.first()).toBeVisible();
  await picture(visitor.page, "visitor-chat");

  await visitor.askForPerson();
  const conversation = await visitor.conversation();
  await desk.open(conversation);
  await expect(desk.handoff).toBeVisible();
  await picture(desk.page, "handoff");

  await desk.take();
  await desk.answer("您好，我是林知远。您的稳健债券基金昨日收益 12.46 元，明细已发送到站内信。");
  await desk.note("客户在比较 R2 和 R3，先不推荐产品。");
  await visitor.say("看到了，谢谢！");
  await expect(desk.said("看到了，谢谢！")).toBeVisible();
  await picture(desk.page, "agent-desk");

  await desk.resolve();
  await visitor.locator(".rating").getByRole("radio").last().check();
  await picture(visitor.page, "rating");
});

test("the pictures of training", async ({ people, api, server }) => {
  await mkdir(FOLDER, { recursive: true });
  const { key } = await api.inbox();
  for (const texts of UNKNOWN) {
    const guest = await Guest.enter(server.origin, key);
    for (const text of texts) await guest.say(text);
  }
  const trainer = new Trainer(await people.desk("zh", { viewport: { width: 1180, height: 780 } }));
  const { page, words } = trainer.desk;
  const of = (key: string) => words.of("console", key);

  await trainer.openQueue();
  for (const [text = ""] of UNKNOWN)
    await expect(trainer.item(text.replace("？", ""))).toBeVisible({ timeout: ARRIVAL_MS_MAX });
  await trainer.walkTo("发到国外收件行吗");
  await picture(page, "training-queue");
  await page.keyboard.press("c");
  await page.keyboard.type("费");
  await expect(page.getByRole("option").first()).toBeVisible();
  await picture(page, "training-correct");
  await page.keyboard.press("Escape");
  await trainer.walkTo("基金的钱啥时候飞回来");
  await trainer.correct("redeem");
  await expect(trainer.item("基金的钱啥时候飞回来")).toHaveCount(0);

  await trainer.openDiscovery();
  await trainer.discover(past());
  await trainer.discovered();
  await page.setViewportSize({ width: 1180, height: 980 });
  await picture(page, "training-discovery");
  await trainer.proposals.filter({ hasText: "贺卡" }).getByRole("button").click();
  await trainer.dialog.getByRole("checkbox").last().uncheck();
  await trainer.dialog.getByRole("checkbox").last().uncheck();
  await trainer.dialog.getByLabel(of("discovery.name"), { exact: true }).fill("gift_wrap");
  await trainer.dialog.getByRole("checkbox").first().focus();
  await page.setViewportSize({ width: 1180, height: 1180 });
  await picture(page, "training-adopt");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1180, height: 780 });

  await trainer.desk.go("/training/examples?intent=shipping_fee&language=zh");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.getByLabel(of("examples.new")).fill("寄到国外要多少运费");
  await trainer.desk.button("examples.add").click();
  await expect(page.getByText(of("examples.added"))).toBeVisible();
  await page.getByRole("button", { name: of("common.close") }).click();
  await picture(page, "training-examples");

  await trainer.openReleases();
  const number = await trainer.train();
  // What was measured is asked for once the training has ended.
  await expect(trainer.releases.first()).toContainText("%");
  await picture(page, "training-releases");
  await trainer.open(number);
  await expect(trainer.verdict).toBeVisible();
  await page.setViewportSize({ width: 1180, height: 1240 });
  await page.locator("main [aria-expanded=false]").first().click();
  await expect(page.getByRole("list", { name: of("releases.missed") })).toBeVisible();
  await picture(page, "training-release");

  await trainer.desk.go("/training/playground");
  await page.getByRole("textbox").fill("东西到了但是颜色发错了，太差劲了");
  await page.keyboard.press("Enter");
  await expect(page.locator("mark").first()).toBeVisible();
  await page.setViewportSize({ width: 1180, height: 980 });
  await picture(page, "training-playground");
});

/** The table of what customers asked, a conversation for each time. */
function past(): string {
  const asked = PAST.flatMap(([times, texts]) => Array.from({ length: times }, () => texts).flat());
  const lines = asked.flatMap((text, at) => [`${at},客户,您好`, `${at},客户,${text}`, `${at},客服,请稍等`]);
  return ["会话,角色,内容", ...lines].join("\n");
}

/** One picture, small enough for a repository. */
async function picture(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  shrink(path);
  expect((await stat(path)).size, name).toBeLessThan(BYTES_MAX);
}

/** Where a program for it is installed, a picture is stored with fewer colours. */
function shrink(path: string): void {
  try {
    execFileSync("pngquant", ["--force", "--ext", ".png", "--quality", "70-95", path], { stdio: "ignore" });
  } catch {
    // The picture is merely larger.
  }
}
