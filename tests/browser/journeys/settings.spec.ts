/** The settings: what an owner makes there works, secrets are shown once, and a revoked session is out at once. */
import { randomUUID } from "node:crypto";
import type { Locator } from "@playwright/test";

import { Desk } from "../harness/desk.ts";
import { passOn } from "../harness/company-server.ts";
import { type People, expect, test } from "../harness/test.ts";
import { LOCALES, type Locale } from "../harness/words.ts";

const PASSWORD = "correct horse battery staple 9";
const OUT_MS_MAX = 5_000;
/** An address that needs no name server. It hears of an event that does not happen here. */
const WEBHOOK = "https://93.184.216.34/attune";

for (const locale of LOCALES) {
  test(`an agent is added and can sign in (${locale})`, async ({ people, steps }) => {
    const desk = await people.desk(locale);
    const email = await addAgent(desk);
    await steps.shoot(desk.page, "agents");

    const theirs = await signIn(people, locale, email);

    await steps.shoot(theirs.page, "signed-in");
    await theirs.go("/settings");
    const places = theirs.page.getByRole("navigation", { name: theirs.words.of("console", "nav.settings") });
    await expect(places).toContainText(theirs.words.of("console", "settings.tokens"));
    await expect(places).not.toContainText(theirs.words.of("console", "settings.webhooks"));
    await steps.shoot(theirs.page, "not-theirs");
  });

  test(`a canned response is written and used (${locale})`, async ({ people, api, steps }) => {
    const desk = await people.desk(locale);
    const code = `c${randomUUID().slice(0, 8)}`;
    await desk.go("/settings/canned-responses");
    await desk.page.getByRole("button", { name: desk.words.of("console", "canned.add") }).first().click();
    const dialog = desk.page.getByRole("dialog");
    await dialog.getByLabel(desk.words.of("console", "canned.code")).fill(code);
    await dialog.getByLabel(desk.words.of("console", "canned.text")).fill("{{agent.name}} — {{conversation.id}}");
    await steps.shoot(desk.page, "canned-dialog");
    await dialog.getByRole("button", { name: desk.words.of("console", "common.save") }).click();
    await expect(dialog).toHaveCount(0);
    await expect(desk.page.getByText(`/${code}`)).toBeVisible();

    const visitor = await people.visitorOfInbox(locale, (await api.inbox()).key);
    await visitor.askForPerson();
    const conversation = await visitor.conversation();
    await desk.sitDown();
    await desk.open(conversation);
    await desk.take();
    await desk.field.fill(`/${code}`);
    await expect(desk.page.getByRole("option")).toHaveCount(1);
    await steps.shoot(desk.page, "canned-list");
    await desk.field.press("Enter");
    await expect(desk.field).toHaveValue(`林知远 — ${conversation}`);
    await desk.button("composer.send").click();
    await expect(visitor.fromAgent).toContainText(`林知远 — ${conversation}`);
  });

  test(`the secrets of a webhook and of a token are shown once (${locale})`, async ({ people, server, steps }) => {
    const desk = await people.desk(locale);
    const of = (key: string) => desk.words.of("console", key);
    await desk.go("/settings/webhooks");
    await desk.page.getByRole("button", { name: of("webhooks.add") }).first().click();
    await desk.page.getByRole("dialog").getByLabel(of("webhooks.url")).fill(WEBHOOK);
    for (const type of ["message.created", "conversation.handed_off"])
      await desk.page.getByRole("checkbox", { name: type, exact: true }).uncheck();
    await desk.page.getByRole("checkbox", { name: "conversation.snoozed", exact: true }).check();
    await steps.shoot(desk.page, "webhook-dialog");
    await desk.page.getByRole("dialog").getByRole("button", { name: of("webhooks.add") }).click();
    const signing = await secretOf(desk, of("webhooks.secretTitle"));
    expect(signing).toMatch(/^whsec_/);
    await steps.shoot(desk.page, "webhook-secret");
    await desk.button("common.kept").click();
    await neverAgain(desk, signing, desk.page.getByText(WEBHOOK).first());

    const name = `token ${randomUUID()}`;
    await desk.go("/settings/tokens");
    await desk.page.getByRole("button", { name: of("tokens.add") }).first().click();
    await desk.page.getByRole("dialog").getByLabel(of("tokens.name")).fill(name);
    await desk.page.getByRole("dialog").getByRole("button", { name: of("tokens.add") }).click();
    const token = await secretOf(desk, of("tokens.secretTitle"));
    await steps.shoot(desk.page, "token-secret");
    await desk.button("common.kept").click();
    await neverAgain(desk, token, desk.page.getByText(name));

    const me = () =>
      desk.page.request.get(`${server.origin}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me()).status()).toBe(200);
    const row = desk.page.getByRole("listitem").filter({ hasText: name });
    await row.getByRole("button", { name: of("tokens.revoke") }).click();
    await desk.page.getByRole("dialog").getByRole("button", { name: of("tokens.revoke") }).click();
    // While the dialog is open, nothing behind it can be found.
    await expect(desk.page.getByRole("dialog")).toHaveCount(0);
    await expect(row).toHaveCount(0);
    expect((await me()).status()).toBe(401);
  });

  test(`an inbox takes what the company's own server passes on (${locale})`, async ({ people, api, server, steps }) => {
    const desk = await people.desk(locale);
    const of = (key: string) => desk.words.of("console", key);
    const { id } = await api.post<{ id: number }>("/inboxes", { name: `App ${randomUUID()}`, language: locale });
    const inbox = await api.get<{ name: string; key: string }>(`/inboxes/${id}`);
    await desk.go("/settings/inboxes");
    const row = desk.page.getByRole("listitem").filter({ hasText: inbox.name });
    await row.getByRole("button", { name: of("inboxes.setUp") }).click();
    const dialog = desk.page.getByRole("dialog");
    await dialog.getByRole("button", { name: of("inboxes.incomingDraw") }).scrollIntoViewIfNeeded();
    await steps.shoot(desk.page, "incoming-off");

    await dialog.getByRole("button", { name: of("inboxes.incomingDraw") }).click();

    const secret = await dialog.locator("pre", { hasText: "whsec_" }).innerText();
    const address = await dialog.locator("pre", { hasText: "/api/v1/incoming/" }).innerText();
    expect(address).toBe(`${server.origin}/api/v1/incoming/${inbox.key}`);
    await dialog.locator("pre", { hasText: "whsec_" }).scrollIntoViewIfNeeded();
    await steps.shoot(desk.page, "incoming-secret");
    await desk.sitDown();
    const passed = await passOn(desk.page.request, { address, secret, id: "msg-1", sub: "u-1", text: "转人工" });
    expect(passed.status).toBe(201);
    const again = await passOn(desk.page.request, { address, secret, id: "msg-1", sub: "u-1", text: "转人工" });
    expect([again.status, again.message.id]).toEqual([200, passed.message.id]);
    await desk.open(passed.message.conversation_id);
    await expect(desk.thread.getByText("转人工", { exact: true })).toHaveCount(1);
    await steps.shoot(desk.page, "incoming-arrived");

    await desk.go("/settings/inboxes");
    await row.getByRole("button", { name: of("inboxes.setUp") }).click();
    await dialog.getByRole("button", { name: of("inboxes.incomingStop") }).scrollIntoViewIfNeeded();
    await expect(dialog.getByText(secret)).toHaveCount(0);
    await steps.shoot(desk.page, "incoming-on");
    await dialog.getByRole("button", { name: of("inboxes.incomingStop") }).click();
    await expect(dialog.getByRole("button", { name: of("inboxes.incomingDraw") })).toBeVisible();
    // The server looks at its inboxes once a second.
    const refused = () =>
      passOn(desk.page.request, { address, secret, id: randomUUID(), sub: "u-1", text: "喂" });
    await expect.poll(async () => (await refused()).status).toBe(401);
  });

  test(`a revoked session is out within five seconds (${locale})`, async ({ people, steps }) => {
    const owner = await people.desk(locale);
    const email = await addAgent(owner);
    const here = await signIn(people, locale, email);
    const there = await signIn(people, locale, email);
    await there.sitDown();
    await here.go("/settings/sessions");
    const others = here.page.getByRole("button", { name: here.words.of("console", "sessions.signOut"), exact: true });
    await expect(others).toHaveCount(1);
    await steps.shoot(here.page, "sessions");

    await others.click();

    await expect.poll(() => there.sockets.isClosed, { timeout: OUT_MS_MAX }).toBe(true);
    await expect(there.page).toHaveURL(/\/console\/login/, { timeout: OUT_MS_MAX });
    await expect(there.page.getByLabel(there.words.of("console", "login.password"))).toBeVisible();
    await steps.shoot(there.page, "signed-out");
    await expect(others).toHaveCount(0);
    await here.sitDown();
  });
}

/** Adds an agent in the settings and returns the address to sign in with. */
async function addAgent(desk: Desk): Promise<string> {
  const of = (key: string) => desk.words.of("console", key);
  const email = `${randomUUID()}@example.com`;
  await desk.go("/settings/agents");
  await desk.page.getByRole("button", { name: of("agents.add") }).first().click();
  const dialog = desk.page.getByRole("dialog");
  await dialog.getByLabel(of("agents.name"), { exact: true }).fill("周一一");
  await dialog.getByLabel(of("login.email")).fill(email);
  await dialog.getByLabel(of("agents.password")).fill(PASSWORD);
  await dialog.getByRole("button", { name: of("agents.add") }).click();
  await expect(dialog).toHaveCount(0);
  await expect(desk.page.getByText(email)).toBeVisible();
  return email;
}

/** Signs in with a password, in a browser of its own. */
async function signIn(people: People, locale: Locale, email: string): Promise<Desk> {
  const desk = await people.desk(locale, { signedIn: false });
  await desk.go("/");
  await desk.page.getByLabel(desk.words.of("console", "login.email")).fill(email);
  await desk.page.getByLabel(desk.words.of("console", "login.password")).fill(PASSWORD);
  await desk.button("login.signIn").click();
  await expect(desk.list).toBeVisible();
  return desk;
}

async function secretOf(desk: Desk, title: string): Promise<string> {
  const dialog = desk.page.getByRole("dialog", { name: title });
  await expect(dialog).toBeVisible();
  const secret = await dialog.locator("pre").innerText();
  expect(secret.length).toBeGreaterThan(20);
  return secret;
}

/** Neither on the screen nor in any answer of the server. */
async function neverAgain(desk: Desk, secret: string, sign: Locator): Promise<void> {
  const answers: string[] = [];
  desk.page.on("response", async (response) => {
    if (response.url().includes("/api/")) answers.push(await response.text().catch(() => ""));
  });
  await desk.page.reload();
  await expect(sign).toBeVisible();
  await expect(desk.page.getByText(secret)).toHaveCount(0);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.filter((answer) => answer.includes(secret))).toEqual([]);
}
