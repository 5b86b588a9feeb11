/** Renews the pictures of the guide; run by `npm run pictures`. */
import { execFileSync } from "node:child_process";
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";

import { expect, test } from "../harness/test.ts";

const FOLDER = resolve(import.meta.dirname, "../../../docs/guide/pictures");
const BYTES_MAX = 300_000;

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
