/** What the loader and the frame do in a company's page that is strict, and in one that is hostile. */
import type { Page } from "@playwright/test";

import { Company } from "../harness/company.ts";
import { Site } from "../harness/site.ts";
import { type People, expect, test } from "../harness/test.ts";
import { Visitor } from "../harness/visitor.ts";
import { LOCALES, Words } from "../harness/words.ts";

for (const locale of LOCALES) {
  test(`a page that trusts no string and no style can have the chat (${locale})`, async ({ people, server, api, steps }) => {
    const company = await Company.open(api, server.at("widget"), { locale });
    company.site.protect(
      `default-src 'none'; script-src ${server.at("widget")}; frame-src ${server.at("widget")}; img-src data:; base-uri 'none'; ` +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    const page = await pageOf(people, server.at("widget"), company.site);

    const visitor = await Visitor.onSite(page, company.site.origin, new Words(locale));
    await visitor.identify(company.sign({ sub: "ann", name: "Ann" }));
    await visitor.open();
    await visitor.say("⟦strict⟧");
    await steps.shoot(page, "strict-page");
    await visitor.logOut();

    await expect(visitor.thread).not.toContainText("⟦strict⟧");
    await company.site.remove();
  });
}

test("a stranger's frame in the page can neither speak for the chat nor to it", async ({ people, server, api }) => {
  const company = await Company.open(api, server.at("widget"));
  const stranger = await Site.open();
  stranger.show("<!doctype html><title>stranger</title><link rel=icon href=data:,><p>stranger");
  const page = await pageOf(people, server.at("widget"), company.site, stranger);
  const visitor = await Visitor.onSite(page, company.site.origin, new Words("en"));
  await visitor.open();
  await visitor.say("⟦before⟧");
  await page.evaluate(
    (url) =>
      new Promise<void>((loaded) => {
        const frame = document.createElement("iframe");
        frame.addEventListener("load", () => loaded());
        frame.src = url;
        document.body.append(frame);
      }),
    stranger.origin,
  );
  const intruder = page.frames().find((frame) => frame.url().startsWith(stranger.origin));

  // It can reach the page and every frame that the page has in the open; the chat's is in a shadow root.
  const reached = await intruder?.evaluate(() => {
    const messages = ["close", "logout", "closed", "ready", "refused"].map((type) => ({ channel: "attune", type }));
    const windows = [parent, ...Array.from({ length: parent.length }, (_, index) => parent[index] as Window)];
    for (const each of windows) for (const message of messages) each.postMessage(message, "*");
    for (const each of windows) each.postMessage({ channel: "attune", type: "unread", count: 99 }, "*");
    return windows.length;
  });
  // Messages arrive in order, so whatever was going to happen has happened once this one came.
  await intruder?.evaluate(() => parent.postMessage("⟦last⟧", "*"));
  await visitor.say("⟦after⟧");

  expect(reached, "the page and the stranger itself").toBe(2);
  await expect(visitor.thread).toContainText("⟦before⟧");
  await expect(visitor.launcher).toHaveAttribute("aria-expanded", "true");
  await expect(visitor.launcher).not.toContainText("99");
  await Promise.all([company.site.remove(), stranger.remove()]);
});

test("the frame comes from where the loader came from, whatever the page says", async ({ people, server, api }) => {
  const company = await Company.open(api, server.at("widget"));
  const stranger = await Site.open();
  stranger.show("<!doctype html><title>stranger</title><p>stranger");
  company.site.show(`<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">
<script>window.attuneSettings = { baseUrl: "${stranger.origin}", origin: "${stranger.origin}" };</script>
<script src="${server.at("widget")}/loader.js" data-inbox="${company.key}" data-locale="en" data-origin="${stranger.origin}"
  data-base-url="${stranger.origin}" data-src="${stranger.origin}" data-url="${stranger.origin}" defer></script>
<base href="${stranger.origin}/"></html>`);
  const page = await pageOf(people, server.at("widget"), company.site);

  const visitor = await Visitor.onSite(page, company.site.origin, new Words("en"));
  await visitor.open();
  await visitor.say("⟦hello⟧");

  expect(page.frames().map((frame) => new URL(frame.url()).origin)).toEqual([company.site.origin, server.at("widget")]);
  await Promise.all([company.site.remove(), stranger.remove()]);
});

test("a page that the inbox does not name gets no chat", async ({ people, server, api }) => {
  const company = await Company.open(api, server.at("widget"));
  const thief = await Site.open();
  thief.embed(server.at("widget"), company.key, "en");
  const page = await pageOf(people, server.at("widget"), thief);
  people.watchOf(page).tolerate(/frame-ancestors/);

  const visitor = await Visitor.onSite(page, thief.origin, new Words("en"));
  const refused = page.waitForEvent("console", (line) => line.text().includes("frame-ancestors"));
  await visitor.launcher.click();
  await refused;

  await expect(visitor.field).toHaveCount(0);
  await Promise.all([company.site.remove(), thief.remove()]);
});

/** A page in a browser of its own that may talk to the widget and to these sites. */
async function pageOf(people: People, widget: string, ...sites: Site[]): Promise<Page> {
  const page = await people.page("en", { origin: widget });
  for (const { origin } of sites) people.watchOf(page).allow(origin);
  return page;
}
