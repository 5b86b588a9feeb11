/**
 * What customers ask about, found in past conversations from another system: a trainer brings a table, reads
 * what to automate first, and makes an intent of what was found, seeing every sentence that becomes an example.
 */
import { Guest } from "../harness/guest.ts";
import { brokenConversations, pastConversations, questions } from "../harness/past.ts";
import { PHONE, type Setting, expect, test } from "../harness/test.ts";
import { Trainer } from "../harness/trainer.ts";
import { LOCALES } from "../harness/words.ts";

for (const locale of LOCALES) {
  test(`a trainer makes an intent of what customers asked elsewhere (${locale})`, async ({ people, steps }) => {
    test.setTimeout(120_000);
    const trainer = new Trainer(await people.desk(locale));
    const { page, words } = trainer.desk;
    const of = (key: string, values?: Record<string, string | number>) => words.of("console", key, values);
    const table = pastConversations(locale);
    await trainer.openDiscovery();
    await steps.shoot(page, "before");

    await trainer.discover(brokenConversations(locale));
    await expect(trainer.dialog.getByRole("alert")).toContainText("line 2");
    await steps.shoot(page, "refused");
    await page.keyboard.press("Escape");
    await trainer.discover(table);
    await trainer.discovered();
    const first = page.getByRole("region", { name: of("discovery.first_other", { count: 2 }) });
    await expect(first.getByRole("listitem")).toHaveCount(2);
    await expect(first).toContainText("%");
    await steps.shoot(page, "found");

    const name = `journey_${locale}`;
    await trainer.proposals.first().getByRole("button").click();
    const samples = trainer.dialog.getByRole("checkbox");
    const texts = await trainer.dialog.locator("label").filter({ has: page.getByRole("checkbox") }).allInnerTexts();
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) expect(table).toContain(text.trim());
    await trainer.dialog.getByRole("radio", { name: of("discovery.target.new") }).check();
    await samples.first().uncheck();
    await trainer.dialog.getByLabel(of("discovery.title"), { exact: true }).fill(name);
    await trainer.dialog.getByLabel(of("discovery.name"), { exact: true }).fill(name);
    await trainer.dialog.getByLabel(of("discovery.answer"), { exact: true }).fill("⟦own⟧");
    const other = locale === "zh" ? "en" : "zh";
    const language = of(`language.${other}`);
    await trainer.dialog.getByLabel(of("discovery.titleIn", { language }), { exact: true }).fill(`${name} ${other}`);
    await trainer.dialog.getByLabel(of("discovery.answerIn", { language }), { exact: true }).fill("⟦answer⟧");
    await steps.shoot(page, "adopting");
    await trainer.dialog.getByRole("button", { name: of("discovery.addPicked_other", { count: texts.length - 1 }) }).click();
    await expect(trainer.dialog).toHaveCount(0);

    await trainer.desk.go(`/training/examples?intent=${name}&language=${locale}`);
    const listed = page.getByRole("main").getByRole("listitem");
    await expect(listed).toHaveCount(texts.length - 1);
    await expect(listed.filter({ hasText: texts[1] ?? "" }).first()).toBeVisible();
    await expect(page.getByRole("main").getByText(texts[0] ?? "", { exact: true })).toHaveCount(0);
    await steps.shoot(page, "examples");
    await trainer.desk.go(`/training/examples?intent=${name}&language=${other}`);
    await expect(listed).toHaveText([new RegExp(`${name} ${other}`)]);
  });
}

const SIZES: Record<string, Setting> = { desktop: {}, phone: PHONE };

for (const [size, setting] of Object.entries(SIZES)) {
  test(`what customers asked lately is found in the conversations here (${size})`, async ({ people, api, server, steps }) => {
    test.setTimeout(120_000);
    const { key } = await api.inbox();
    for (const question of questions("zh")) await (await Guest.enter(server.origin, key)).say(question);
    const trainer = new Trainer(await people.desk("zh", setting));
    const { page, words } = trainer.desk;
    await trainer.openDiscovery();

    await page.getByRole("main").getByRole("button").first().click();
    await trainer.dialog.getByRole("spinbutton").fill("7");
    await trainer.dialog.getByRole("button", { name: words.of("console", "discovery.start"), exact: true }).click();

    await trainer.discovered();
    await expect(page.getByText(words.of("console", "discovery.ofDays_other", { count: 7 }))).toBeVisible();
    await expect(trainer.proposals.filter({ hasText: "会员卡" }).first()).toContainText("%");
    const excess_px = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(excess_px).toBeLessThanOrEqual(0);
    await steps.shoot(page, "lately");
  });
}
