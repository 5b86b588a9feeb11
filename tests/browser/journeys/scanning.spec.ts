/** Files that a scanner looks at: the message is there at once, its files once they are clean, on both sides. */
import { type Locator, expect } from "@playwright/test";

import { Clamd, EICAR } from "../harness/clamd.ts";
import { Server } from "../harness/server.ts";
import { PHONE, test as base } from "../harness/test.ts";
import { LOCALES } from "../harness/words.ts";

const SAY = { zh: "请看截图和合同", en: "Here are the screenshot and the contract" } as const;
/** How much a picture's place may differ from the picture, in pixels. */
const ROUNDING_PX = 1.5;

const test = base.extend<object, { clamd: Clamd; server: Server }>({
  clamd: [
    // biome-ignore lint/correctness/noEmptyPattern: the form that Playwright reads
    async ({}, use) => {
      const clamd = await Clamd.start();
      await use(clamd);
      await clamd.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ clamd }, use) => {
      const server = await Server.start({ settings: { ATTUNE__UPLOADS__SCANNER: clamd.address } });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

for (const locale of LOCALES) {
  for (const phone of [false, true]) {
    test(`files wait for the scanner on a ${phone ? "phone" : "desk"} (${locale})`, async ({ people, clamd, steps }) => {
      const setting = phone ? PHONE : {};
      const desk = await people.desk(locale, setting);
      await desk.sitDown();
      const visitor = await people.visitor(locale, setting);
      const picture = await visitor.page.screenshot({ clip: { x: 0, y: 60, width: 360, height: 220 } });
      await visitor.open();
      await visitor.askForPerson();

      await visitor.locator("input[type=file]").setInputFiles([
        { name: "shot.png", mimeType: "image/png", buffer: picture },
        { name: "contract.txt", mimeType: "text/plain", buffer: Buffer.from(EICAR) },
      ]);
      await expect(visitor.locator(".upload")).toHaveCount(2);
      await expect(visitor.locator(".upload progress")).toHaveCount(0);
      await visitor.say(SAY[locale]);

      const conversation = await visitor.conversation();
      await desk.open(conversation);
      const article = desk.said(SAY[locale]);
      const seen = { visitor: visitor.thread, desk: article };
      const scanning = { visitor: visitor.words.of("widget", "attachment.scanning"), desk: desk.words.of("console", "message.scanning") };
      for (const side of ["visitor", "desk"] as const)
        await expect(seen[side].getByText(scanning[side])).toHaveCount(2);
      await expect(visitor.thread.locator(".picture img")).toHaveCount(0);
      await expect(article.getByRole("img", { name: "shot.png" })).toHaveCount(0);
      const held = article.getByText(scanning.desk).locator("xpath=ancestor::div[1]");
      const places = [visitor.locator(".held.picture"), held.filter({ hasText: "shot.png" })];
      const before = await Promise.all(places.map(sizeOf));
      await steps.shoot(visitor.page, "visitor-scanning");
      await steps.shoot(desk.page, "desk-scanning");

      await expect.poll(() => clamd.waits).toBe(2);
      clamd.answer();

      const shown = [visitor.thread.locator(".picture img"), article.getByRole("img", { name: "shot.png" })];
      for (const image of shown)
        await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
      await expect(seen.visitor).toContainText(visitor.words.of("widget", "attachment.refused"));
      await expect(seen.desk).toContainText(desk.words.of("console", "message.refused"));
      const news = [
        desk.words.of("console", "message.scanned", { name: "shot.png" }),
        desk.words.of("console", "message.refusedFile", { name: "contract.txt" }),
      ];
      for (const one of news)
        await expect(seen.desk.locator("[aria-live]").filter({ hasText: one })).toHaveCount(1);
      for (const side of ["visitor", "desk"] as const) {
        await expect(seen[side].getByText(scanning[side])).toHaveCount(0);
        await expect(seen[side]).toContainText(SAY[locale]);
      }
      const after = await Promise.all(shown.map(sizeOf));
      for (const [n, size] of after.entries()) {
        expect(Math.abs(size.width - (before[n]?.width ?? 0)), `width ${n}`).toBeLessThanOrEqual(ROUNDING_PX);
        expect(Math.abs(size.height - (before[n]?.height ?? 0)), `height ${n}`).toBeLessThanOrEqual(ROUNDING_PX);
      }
      await steps.shoot(visitor.page, "visitor-judged");
      await steps.shoot(desk.page, "desk-judged");
    });
  }
}

async function sizeOf(place: Locator): Promise<{ width: number; height: number }> {
  const box = await place.boundingBox();
  if (!box) throw new Error("it is not on the screen");
  return box;
}
