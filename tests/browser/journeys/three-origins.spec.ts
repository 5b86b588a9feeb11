/** Console, widget and files on three origins of their own, and the company's page on a fourth. */
import type { Page, Request } from "@playwright/test";

import { Company } from "../harness/company.ts";
import { picture } from "../harness/picture.ts";
import { get } from "../harness/raw.ts";
import type { Part } from "../harness/server.ts";
import { expect, test } from "../harness/test.ts";
import { Visitor } from "../harness/visitor.ts";
import { LOCALES, Words } from "../harness/words.ts";

test.use({ apart: true });

/** A company's page on the site of the three, and one on a site of its own, whose frames get no storage. */
const HOSTS = { zh: "shop.attune.localhost", en: "shop.localhost" };
const COOKIE = "attune_session";
/** What browsers say when a page is not let in, or not let out. */
const TURNED_AWAY = [/^console: .*(blocked by CORS policy|frame-ancestors|Refused to|violates the following)/];

for (const locale of LOCALES) {
  test(`a visitor and an agent exchange pictures across three origins (${locale})`, async ({ people, server, api, steps }) => {
    const company = await Company.open(api, server.at("widget"), { host: HOSTS[locale], locale });
    const desk = await people.desk(locale);
    const fromDesk = requestsOf(desk.page);
    await desk.sitDown();
    const page = await people.page(locale);
    people.watchOf(page).allow(company.site.origin);
    const fromVisitor = requestsOf(page);
    const visitor = await Visitor.onSite(page, company.site.origin, new Words(locale));
    await visitor.open();

    await visitor.say("⟦question⟧");
    await visitor.attach("问题.png", picture([60, 160, 255]));
    await visitor.say("⟦my picture⟧");
    await drawn(visitor.thread.locator("img"), 1);
    const conversation = await visitor.conversation();
    await desk.open(conversation);
    await drawn(desk.thread.locator("img"), 1);
    await steps.shoot(desk.page, "desk-sees-picture");

    await desk.take();
    await desk.page.locator("input[type=file]").setInputFiles({ name: "答复.png", mimeType: "image/png", buffer: picture([255, 170, 40]) });
    await desk.answer("⟦our picture⟧");
    await drawn(desk.thread.locator("img"), 2);
    await drawn(visitor.thread.locator("img"), 2);
    await visitor.thread.getByRole("button").filter({ has: visitor.locator("img") }).last().click();
    await expect(visitor.locator("dialog[open] img")).toBeVisible();
    await steps.shoot(visitor.page, "visitor-sees-picture");
    await steps.shoot(desk.page, "desk-answered");
    if (locale === "zh") await comesBack(visitor);

    const files = server.at("files");
    for (const shown of await desk.thread.locator("img").all()) expect(await shown.getAttribute("src")).toMatch(`${files}/files/`);
    expect(originsOf(fromDesk)).toEqual([server.at("console"), files].sort());
    expect(originsOf(fromVisitor)).toEqual([company.site.origin, files, server.at("widget")].sort());
    await asksForFilesAsNobody(files, fromDesk);
    await asksForFilesAsNobody(files, fromVisitor);
    expect(await cookiedOrigins(fromDesk)).toEqual([server.at("console")]);
    expect(await cookiedOrigins(fromVisitor)).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    expect((await desk.page.context().cookies()).map(({ domain, name }) => [domain, name])).toEqual([["console.attune.localhost", COOKIE]]);
    await company.site.remove();
  });
}

test("each origin serves its own part and has never heard of the others'", async ({ server, api }) => {
  const { key } = await api.inbox();
  const serves: Record<Part, string[]> = {
    site: ["/demo/zh.html", "/api/v1/docs", "/healthz"],
    console: ["/console/", "/console/conversations", "/healthz"],
    widget: [`/widget/?inbox=${key}`, "/loader.js"],
    files: [],
  };
  const everything = [...new Set(Object.values(serves).flat())].filter((path) => path !== "/healthz");
  /** The documentation belongs to the agents' interface, which programs find at the public address. */
  const alsoAtConsole = ["/api/v1/docs"];

  for (const [part, own] of Object.entries(serves) as [Part, string[]][]) {
    for (const path of own) expect((await get(server.at(part), path)).status, `${part} ${path}`).toBe(200);
    const foreign = everything.filter((path) => !own.includes(path) && !(part === "console" && alsoAtConsole.includes(path)));
    for (const path of foreign) {
      const answer = await get(server.at(part), path);
      expect(answer.status, `${part} ${path}`).toBe(404);
      expect(answer.headers["content-security-policy"], `${part} ${path}`).toContain("default-src 'none'");
    }
  }
  expect((await get(server.at("widget"), "/api/v1/auth/me")).status, "no agent's interface at the widget").toBe(404);
  expect((await get(server.at("files"), "/api/v1/auth/me")).status).toBe(404);
  expect((await get(server.at("files"), "/api/v1/visitor/messages")).status).toBe(404);
  expect((await get(server.at("console"), "/api/v1/visitor/messages")).status).toBe(404);
  expect((await get(server.at("console"), "/api/v1/auth/me")).status, "there, but signed out").toBe(401);
  expect((await get(server.at("widget"), "/api/v1/visitor/messages")).status, "there, but nobody").toBe(401);
  for (const part of ["site", "console", "widget"] as const)
    expect((await get(server.at(part), "/files/1/1?expires=1&signature=x")).status, part).toBe(404);
  expect((await get(server.at("console"), "/")).headers.location).toBe(`${server.at("console")}/console/`);
});

test("a company's page reaches neither the console nor a session through the browser", async ({ people, server, api }) => {
  const company = await Company.open(api, server.at("widget"), { host: HOSTS.zh });
  const desk = await people.desk("en");
  people.watchOf(desk.page).allow(company.site.origin);
  people.watchOf(desk.page).tolerate(...TURNED_AWAY);
  await desk.sitDown();
  const page = await desk.page.context().newPage();
  await page.goto(company.site.origin);

  for (const [part, path] of [
    ["console", "/api/v1/auth/me"],
    ["site", "/api/v1/auth/me"],
    ["console", "/console/"],
    ["files", "/files/1/1?expires=1&signature=x"],
  ] as const) {
    const read = page.evaluate((url) => fetch(url, { credentials: "include" }).then((answer) => answer.text()), server.at(part) + path);
    await expect(read, `${part} ${path}`).rejects.toThrow("Failed to fetch");
  }

  const frame = await framed(page, `${server.at("console")}/console/`);
  expect(frame).not.toContain("root");
  await company.site.remove();
});

test("a file's address opens nowhere but at the files' origin", async ({ people, server, api }) => {
  const company = await Company.open(api, server.at("widget"), { host: HOSTS.zh });
  const page = await people.page("en");
  people.watchOf(page).allow(company.site.origin);
  const asked = requestsOf(page);
  const visitor = await Visitor.onSite(page, company.site.origin, new Words("en"));
  await visitor.open();
  await visitor.attach("a.png", picture([200, 60, 60]));
  await visitor.say("⟦picture⟧");
  await drawn(visitor.thread.locator("img"), 1);
  const address = asked.map((one) => one.url()).find((url) => url.startsWith(`${server.at("files")}/files/`));
  const path = address?.slice(server.at("files").length) ?? "";

  const answer = await get(server.at("files"), path, { origin: server.at("widget") });

  expect(answer.status).toBe(200);
  expect(answer.headers["access-control-allow-origin"]).toBe(server.at("widget"));
  expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
  expect(answer.headers["set-cookie"]).toBeUndefined();
  expect(answer.headers["content-security-policy"]).toContain("sandbox");
  for (const part of ["site", "console", "widget"] as const) expect((await get(server.at(part), path)).status, part).toBe(404);
  const stranger = await get(server.at("files"), path, { origin: company.site.origin });
  expect(stranger.headers["access-control-allow-origin"]).toBeUndefined();
  await company.site.remove();
});

/** On a site that the widget shares, a reload finds the thread and its pictures again. */
async function comesBack(visitor: Visitor): Promise<void> {
  await visitor.page.reload();
  await visitor.open();
  await expect(visitor.thread).toContainText("⟦our picture⟧");
  await drawn(visitor.thread.locator("img"), 2);
}

function requestsOf(page: Page): Request[] {
  const requests: Request[] = [];
  page.on("request", (request) => {
    if (/^https?:/.test(request.url())) requests.push(request);
  });
  return requests;
}

function originsOf(requests: readonly Request[]): string[] {
  return [...new Set(requests.map((request) => new URL(request.url()).origin))].sort();
}

async function cookiedOrigins(requests: readonly Request[]): Promise<string[]> {
  const origins = await Promise.all(
    requests.map(async (request) => ((await request.allHeaders()).cookie ? new URL(request.url()).origin : undefined)),
  );
  return [...new Set(origins.filter((origin) => origin !== undefined))];
}

/** Files are asked for, and by nobody in particular: no cookie, no token. */
async function asksForFilesAsNobody(files: string, requests: readonly Request[]): Promise<void> {
  const asked = requests.filter((request) => new URL(request.url()).origin === files);
  expect(asked.length).toBeGreaterThan(0);
  for (const request of asked) {
    const headers = await request.allHeaders();
    expect([headers.cookie, headers.authorization]).toEqual([undefined, undefined]);
  }
}

/** So many pictures stand there, and each has arrived. */
async function drawn(pictures: ReturnType<Page["locator"]>, count: number): Promise<void> {
  const widths = () =>
    pictures.evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth).filter((width) => width > 0));
  await expect.poll(async () => (await widths()).length).toBeGreaterThanOrEqual(count);
}

/** What a page sees of another that it puts into a frame. */
async function framed(page: Page, url: string): Promise<string> {
  await page.evaluate(
    (address) =>
      new Promise<void>((loaded) => {
        const frame = document.createElement("iframe");
        frame.addEventListener("load", () => loaded());
        frame.src = address;
        document.body.append(frame);
      }),
    url,
  );
  const frame = page.frames().at(-1);
  return (await frame?.content()) ?? "";
}
