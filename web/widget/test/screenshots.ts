/**
 * Draws the widget in each of its states with a real browser and writes a picture of each.
 *
 * `npm run build && SCREENSHOTS=<folder> npm run screenshots`; for eyes, not for assertions.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";

import { MockServer, type MockThread } from "./mock-server.ts";

const folder = resolve(process.env.SCREENSHOTS ?? "screenshots");
const web = resolve(import.meta.dirname, "../..");
const DESK = { width: 1180, height: 800 };
const PHONE = { width: 390, height: 844 };

type Locale = "zh" | "en";

const SAY = {
  zh: {
    ask: "我想查询基金的收益情况",
    answer:
      "截至昨日，您持有的 **稳健增利 A** 情况如下：\n\n- 累计收益：**¥1,286.40**\n- 近七日年化：3.12%\n- 昨日收益：¥4.75\n\n详细说明见 https://example.com/help/yield 。",
    unclear: "抱歉，我没有完全听懂。您想问的是下面哪一件事？",
    person: "转人工",
    handed: "正在为您转接人工客服",
    joined: "林小满 已接入对话",
    agent: "您好，我是客服小满 👋 已经看到您之前的问题，请稍等，我来核对一下您的账户。",
    thanks: "好的，谢谢！",
    done: "已经处理好了，收益明细已发送到您的站内信。还有其他可以帮您的吗？",
    resolved: "本次对话已结束",
    choices: [
      { title: "查询收益", value: "query_yield" },
      { title: "赎回到账时间", value: "redeem_time" },
      { title: "修改手机号", value: "change_phone" },
      { title: "都不是，转人工", value: "person" },
    ],
    agentName: "林小满",
  },
  en: {
    ask: "How are my funds doing this week?",
    answer:
      "As of yesterday, your **Steady Income A** looks like this:\n\n- Total return: **$1,286.40**\n- Seven-day annualised yield: 3.12%\n- Yesterday: $4.75\n\nMore at https://example.com/help/yield.",
    unclear: "Sorry, I did not quite get that. Which of these did you mean?",
    person: "A person, please",
    handed: "You are being connected to a person",
    joined: "Ada Marsh has joined",
    agent: "Hi, I'm Ada 👋 I can see what you asked. Give me a moment to look at your account.",
    thanks: "Great, thank you!",
    done: "All done. The statement is in your inbox. Is there anything else I can help with?",
    resolved: "This conversation has ended",
    choices: [
      { title: "Check my returns", value: "query_yield" },
      { title: "When does a withdrawal arrive?", value: "redeem_time" },
      { title: "Change my phone number", value: "change_phone" },
      { title: "None of these: a person", value: "person" },
    ],
    agentName: "Ada Marsh",
  },
} as const;

const host = (locale: Locale) => `<!doctype html><html lang="${locale}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Greenfield</title>
<style>body{margin:0;font:16px/1.6 system-ui,"Noto Sans CJK SC";background:linear-gradient(#eef3ee,#fff);color:#23312b}main{max-width:640px;margin:80px 0 0 8vw}h1{font-size:44px;line-height:1.2}@media(prefers-color-scheme:dark){body{background:#0c110f;color:#d9e3dd}}</style>
<main><h1>${locale === "zh" ? "让每一份积蓄，安心生长" : "Savings that grow in peace"}</h1><p>${locale === "zh" ? "青禾财富为一千二百万家庭管理积蓄。" : "Greenfield looks after the savings of twelve million homes."}</p></main>
<script src="/loader.js" data-inbox="demo" data-locale="${locale}" defer></script></html>`;

/** One picture: a fresh server, a fresh browser context, and what happens before the picture is taken. */
class Studio {
  constructor(private readonly browser: Browser) {}

  async shoot(
    name: string,
    locale: Locale,
    set: { phone?: boolean; dark?: boolean; page?: boolean; online?: boolean },
    act: (stage: Stage) => Promise<void>,
  ): Promise<void> {
    const server = new MockServer({
      ...(set.online === false ? { inbox: { online: false } } : {}),
      folders: { "/widget/": join(web, "widget/dist"), "/": join(web, "loader/dist") },
      pages: { "/": host(locale) },
      onMessage: () => undefined,
    });
    const origin = await server.listen();
    const context = await this.browser.newContext({
      viewport: set.phone ? PHONE : DESK,
      deviceScaleFactor: 2,
      colorScheme: set.dark ? "dark" : "light",
      reducedMotion: "reduce",
      ...(set.phone ? { hasTouch: true, isMobile: true } : {}),
    });
    const page = await context.newPage();
    page.on("console", (line) => {
      if (line.type() === "error") process.stderr.write(`${name}: ${line.text()}\n`);
    });
    page.on("pageerror", (error) => process.stderr.write(`${name}: ${error.message}\n`));
    const stage = new Stage(page, server, locale, set.page === true);
    await stage.enter(origin);
    await act(stage);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
    await context.close();
    await server.close();
    process.stdout.write(`${name}\n`);
  }
}

/** The page with the widget, and what people do with it. */
class Stage {
  readonly say;
  private frame: Frame | Page;

  constructor(
    readonly page: Page,
    readonly server: MockServer,
    readonly locale: Locale,
    private readonly alone: boolean,
  ) {
    this.say = SAY[locale];
    this.frame = page;
  }

  get thread(): MockThread {
    const thread = [...this.server.threads.values()].at(-1);
    if (!thread) throw new Error("nobody has said hello");
    return thread;
  }

  get widget(): Frame | Page {
    return this.frame;
  }

  async enter(origin: string): Promise<void> {
    if (this.alone) await this.page.goto(`${origin}/widget/?inbox=demo&locale=${this.locale}`);
    else {
      await this.page.goto(origin);
      await this.page.getByRole("button", { name: /在线客服|Open chat/ }).click();
      const handle = await this.page.locator("iframe").elementHandle();
      this.frame = (await handle?.contentFrame()) ?? this.page;
    }
    await this.widget.getByRole("group").waitFor();
  }

  async ask(text: string): Promise<void> {
    const count = this.thread.messages.length;
    await this.widget.getByRole("textbox").fill(text);
    await this.widget.getByRole("textbox").press("Enter");
    await this.widget.getByText(text).last().waitFor();
    while (this.thread.messages.length === count) await this.page.waitForTimeout(20);
    await this.widget.getByText(/已送达|Delivered/).waitFor();
  }

  async answered(): Promise<void> {
    await this.ask(this.say.ask);
    this.thread.bot(this.say.answer);
    await this.widget.getByText(/3\.12%/).waitFor();
  }

  async handedOver(): Promise<void> {
    await this.answered();
    await this.ask(this.say.person);
    this.thread.status = "open";
    this.thread.activity("handed_off", this.say.handed);
    this.thread.assignee = { id: 7, name: this.say.agentName };
    this.thread.activity("assigned", this.say.joined);
    this.thread.agent(this.say.agent);
    await this.widget.getByText("👋").waitFor();
  }

  async resolved(): Promise<void> {
    await this.handedOver();
    this.thread.agent(this.say.done);
    await this.ask(this.say.thanks);
    this.thread.status = "resolved";
    this.thread.activity("resolved", this.say.resolved);
    await this.widget.getByRole("radiogroup").waitFor();
  }

  async settle(): Promise<void> {
    await this.page.waitForTimeout(150);
  }
}

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
mkdirSync(folder, { recursive: true });
const studio = new Studio(browser);

for (const locale of ["zh", "en"] as const) {
  for (const phone of [false, true]) {
    const at = `${locale}-${phone ? "phone" : "desk"}`;
    await studio.shoot(`${at}-1-empty`, locale, { phone }, (stage) => stage.settle());
    await studio.shoot(`${at}-2-conversation`, locale, { phone }, (stage) => stage.answered());
    await studio.shoot(`${at}-3-typing`, locale, { phone }, async (stage) => {
      await stage.ask(stage.say.ask);
      stage.thread.typing({ kind: "bot", id: null, name: null });
      await stage.widget.locator(".typing").waitFor();
    });
    await studio.shoot(`${at}-4-clarify`, locale, { phone }, async (stage) => {
      await stage.ask("???");
      stage.thread.bot(stage.say.unclear, [...stage.say.choices]);
      await stage.widget.getByRole("group").getByRole("button").last().waitFor();
    });
    await studio.shoot(`${at}-5-handoff`, locale, { phone }, (stage) => stage.handedOver());
    await studio.shoot(`${at}-6-offline`, locale, { phone }, async (stage) => {
      await stage.answered();
      await stage.page.context().setOffline(true);
      await stage.widget.getByRole("textbox").fill(stage.say.thanks);
      await stage.widget.getByRole("textbox").press("Enter");
      await stage.widget.locator(".banner").waitFor();
    });
    await studio.shoot(`${at}-7-failed`, locale, { phone }, async (stage) => {
      await stage.answered();
      const detail = locale === "zh" ? "消息过于频繁" : "too many messages";
      stage.server.refusals.push({
        type: "problem",
        problem: { type: "/problems/x", title: "x", status: 429, detail },
      });
      await stage.widget.getByRole("textbox").fill(stage.say.thanks);
      await stage.widget.getByRole("textbox").press("Enter");
      await stage.widget.getByRole("button", { name: /重新发送|Send again/ }).waitFor();
    });
    await studio.shoot(`${at}-8-rating`, locale, { phone }, async (stage) => {
      await stage.resolved();
      await stage.widget.getByRole("radio").nth(4).check();
      await stage.settle();
    });
  }
}
await studio.shoot("zh-desk-9-rated", "zh", {}, async (stage) => {
  await stage.resolved();
  await stage.widget.getByRole("radio").nth(3).check();
  await stage.widget.getByRole("button", { name: "提交" }).click();
  await stage.widget.getByText("谢谢您的评价").waitFor();
});
for (const phone of [false, true]) {
  const at = `zh-${phone ? "phone" : "desk"}-dark`;
  await studio.shoot(`${at}-handoff`, "zh", { phone, dark: true }, (stage) => stage.handedOver());
  await studio.shoot(`${at}-rating`, "zh", { phone, dark: true }, (stage) => stage.resolved());
}
await studio.shoot("en-page-clarify", "en", { page: true }, async (stage) => {
  await stage.answered();
  await stage.ask("hmm");
  stage.thread.bot(stage.say.unclear, [...stage.say.choices]);
  await stage.widget.getByRole("group").waitFor();
});
await studio.shoot("zh-page-phone", "zh", { page: true, phone: true }, (stage) => stage.answered());
await studio.shoot("zh-desk-away", "zh", { online: false }, (stage) => stage.settle());
await studio.shoot("zh-desk-long", "zh", {}, async (stage) => {
  await stage.answered();
  await stage.widget.getByRole("textbox").fill("知音".repeat(2_010));
  await stage.settle();
});
await studio.shoot("zh-desk-unread", "zh", {}, async (stage) => {
  await stage.handedOver();
  await stage.widget.getByRole("button", { name: "收起对话窗口" }).click();
  stage.thread.agent(stage.say.done);
  stage.thread.agent("👍");
  await stage.page.getByRole("button", { name: /2/ }).waitFor();
  await stage.settle();
});
await studio.shoot("zh-desk-files", "zh", {}, async (stage) => {
  const picture = await stage.page.screenshot({ clip: { x: 0, y: 60, width: 700, height: 420 } });
  await stage.widget.locator("input[type=file]").setInputFiles([
    { name: "屏幕截图.png", mimeType: "image/png", buffer: picture },
    {
      name: "2026年第三季度持仓明细与收益说明.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.alloc(734_003),
    },
  ]);
  await stage.widget.getByRole("button", { name: /移除/ }).last().waitFor();
  await stage.ask("请看附件里的截图");
  await stage.widget
    .locator("input[type=file]")
    .setInputFiles([
      { name: "对账单.xlsx", mimeType: "application/vnd.ms-excel", buffer: Buffer.alloc(20_000) },
    ]);
  await stage.widget.getByRole("img", { name: "屏幕截图.png" }).first().waitFor();
  await stage.settle();
});
await studio.shoot("en-desk-lightbox", "en", {}, async (stage) => {
  const picture = await stage.page.screenshot({ clip: { x: 0, y: 60, width: 700, height: 420 } });
  await stage.widget
    .locator("input[type=file]")
    .setInputFiles([{ name: "shot.png", mimeType: "image/png", buffer: picture }]);
  await stage.ask("Here it is");
  await stage.widget.getByRole("button", { name: "Open picture shot.png" }).click();
  await stage.settle();
});
await studio.shoot("zh-desk-retracted", "zh", {}, async (stage) => {
  await stage.answered();
  const wrong = stage.thread.bot("这句话说错了");
  stage.thread.activity("retracted", "", wrong.seq);
  stage.thread.bot(
    "## 赎回规则\n\n| 产品 | 到账 |\n|---|---|\n| 现金宝 | **T+0** |\n| 稳健增利 | T+2 |\n\n> 以产品合同为准\n\n1. 打开 `我的`\n2. 选择 *赎回*\n\n<img src=x onerror=alert(1)> ![图](https://evil.example/x.png) [https://bank.example](https://evil.example/)",
  );
  await stage.widget.getByText("T+2").waitFor();
  await stage.settle();
});
await browser.close();
