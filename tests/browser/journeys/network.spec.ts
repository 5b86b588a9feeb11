/** The same conversation while wires break and the server dies: nothing missing, nothing doubled, one order. */
import { Desk } from "../harness/desk.ts";
import { picture } from "../harness/picture.ts";
import { type People, expect, test } from "../harness/test.ts";
import { marked, marksIn } from "../harness/thread.ts";
import type { Visitor } from "../harness/visitor.ts";
import { Wire } from "../harness/wire.ts";
import { LOCALES, type Locale } from "../harness/words.ts";

/** What a broken connection leaves in a browser's console. */
const BROKEN = [/WebSocket connection to/, /Failed to fetch/, /net::ERR_/];

for (const locale of LOCALES) {
  test(`both wires are cut in the middle of a conversation (${locale})`, async ({ people, server, api, steps }) => {
    const wires = { visitor: await Wire.to(server.port), desk: await Wire.to(server.port) };
    const { visitor, desk } = await talking(people, locale, (await api.inbox()).key, wires);
    const say = new Talk(visitor, desk);
    await say.both();

    wires.visitor.cut();
    await expect(visitor.banner).toBeVisible();
    await say.visitor();
    await say.visitor();
    await expect(visitor.unconfirmed).toHaveCount(2);
    await say.agent();
    await steps.shoot(visitor.page, "visitor-cut");
    wires.visitor.mend();
    await say.arrived();

    wires.desk.cut();
    await expect(desk.page.getByText(desk.words.of("console", "connection.lost"))).toBeVisible();
    await say.agent();
    await say.visitor();
    await expect(visitor.unconfirmed).toHaveCount(0);
    await steps.shoot(desk.page, "desk-cut");
    wires.desk.mend();
    await say.arrived();

    wires.visitor.cut();
    wires.desk.cut();
    await say.visitor();
    await say.agent();
    wires.visitor.mend();
    wires.desk.mend();
    await say.arrived();
    await say.both();
    await say.arrived();
    await steps.shoot(visitor.page, "visitor-mended");
    await steps.shoot(desk.page, "desk-mended");
    await Promise.all([wires.visitor.remove(), wires.desk.remove()]);
  });

  test(`a picture that did not arrive is asked for again (${locale})`, async ({ people, api, steps }) => {
    const { visitor } = await talking(people, locale, (await api.inbox()).key);
    people.watchOf(visitor.page).tolerate(...BROKEN);
    const fetched = "**/api/v1/visitor/attachments/*";
    await visitor.page.route(fetched, (route) => route.abort());
    await visitor.attach("a.png", picture([200, 60, 60]));
    await visitor.say("⟦picture⟧");
    await expect(visitor.thread).toContainText(visitor.words.of("widget", "attachment.unavailable"));
    await steps.shoot(visitor.page, "picture-missing");

    await visitor.page.unroute(fetched);
    await visitor.thread.getByRole("button", { name: visitor.words.of("widget", "attachment.retry") }).click();

    await expect(visitor.thread.locator("img").first()).toBeVisible();
    await expect(visitor.thread).not.toContainText(visitor.words.of("widget", "attachment.unavailable"));
  });

  test(`acknowledgements are lost and everything is said once (${locale})`, async ({ people, server, api }) => {
    const wires = { visitor: await Wire.to(server.port), desk: await Wire.to(server.port) };
    const { visitor, desk } = await talking(people, locale, (await api.inbox()).key, wires);
    const say = new Talk(visitor, desk);
    await say.both();

    // The server stores what it is told; the visitor does not hear that it did, and says it again.
    wires.visitor.deafen();
    await say.visitor();
    await expect(desk.said(say.last("visitor"))).toBeVisible();
    await expect(visitor.unconfirmed).toHaveCount(1);
    wires.visitor.mend();
    await say.arrived();

    wires.desk.deafen();
    await say.agent();
    await expect(visitor.thread).toContainText(say.last("agent"));
    wires.desk.mend();
    await say.arrived();
    await Promise.all([wires.visitor.remove(), wires.desk.remove()]);
  });

  test(`the server is killed and started again (${locale})`, async ({ people, server, api, steps }) => {
    const { visitor, desk } = await talking(people, locale, (await api.inbox()).key);
    const say = new Talk(visitor, desk);
    await say.both();

    await server.kill();
    await expect(visitor.banner).toBeVisible();
    await say.visitor();
    await say.agent();
    await say.visitor();
    await steps.shoot(visitor.page, "server-dead");
    await server.restart();
    await say.arrived();

    // Killed again, right after both have spoken.
    await Promise.all([say.visitor(), say.agent()]);
    await server.kill();
    await server.restart();
    await say.arrived();
    await say.both();
    await say.arrived();
    await steps.shoot(desk.page, "server-back");
  });

  test(`a browser goes offline and comes back (${locale})`, async ({ people, api, steps }) => {
    const { visitor, desk } = await talking(people, locale, (await api.inbox()).key);
    const say = new Talk(visitor, desk);
    await say.both();

    await visitor.page.context().setOffline(true);
    await expect(visitor.banner).toContainText(visitor.words.of("widget", "connection.offline"));
    await say.visitor();
    await say.agent();
    await expect(visitor.unconfirmed).toHaveCount(1);
    await steps.shoot(visitor.page, "offline");
    await visitor.page.context().setOffline(false);
    await say.arrived();

    await desk.page.context().setOffline(true);
    await expect(desk.page.getByText(desk.words.of("console", "connection.offline"))).toBeVisible();
    await say.visitor();
    await say.agent();
    await desk.page.context().setOffline(false);
    await say.arrived();
  });
}

/** A visitor who has asked for a person, and the agent who has taken it. */
async function talking(
  people: People,
  locale: Locale,
  inbox: string,
  wires?: { visitor: Wire; desk: Wire },
): Promise<{ visitor: Visitor; desk: Desk }> {
  const desk = await people.desk(locale, wires && { origin: wires.desk.origin });
  const visitor = await people.visitorOfInbox(locale, inbox, wires && { origin: wires.visitor.origin });
  for (const { page } of [desk, visitor]) people.watchOf(page).tolerate(...BROKEN);
  await desk.sitDown();
  await visitor.askForPerson();
  await desk.open(await visitor.conversation());
  await desk.take();
  return { visitor, desk };
}

/** Two people who say numbered things, and count what stands on both sides. */
class Talk {
  private readonly said = { visitor: 0, agent: 0 };

  constructor(
    private readonly visitorSide: Visitor,
    private readonly desk: Desk,
  ) {}

  async visitor(): Promise<void> {
    this.said.visitor += 1;
    await this.visitorSide.write(this.last("visitor"));
  }

  async agent(): Promise<void> {
    this.said.agent += 1;
    await this.desk.write(this.last("agent"));
  }

  async both(): Promise<void> {
    await this.visitor();
    await this.agent();
    await this.visitor();
    await this.arrived();
  }

  last(side: "visitor" | "agent"): string {
    return marked(side, this.said[side]);
  }

  /** Everything that was said stands on both sides once, in one order, each side's own in the order of saying. */
  async arrived(): Promise<void> {
    const expected = (["visitor", "agent"] as const).flatMap((side) =>
      Array.from({ length: this.said[side] }, (_, index) => marked(side, index + 1)),
    );
    await expect(async () => {
      await expect(this.visitorSide.unconfirmed).toHaveCount(0, { timeout: 100 });
      const seen = await marksIn(this.visitorSide.bubbles);
      expect([...seen].sort()).toEqual([...expected].sort());
      expect(await marksIn(this.desk.bubbles)).toEqual(seen);
      for (const side of ["visitor", "agent"] as const)
        expect(seen.filter((mark) => mark.includes(side))).toEqual(expected.filter((mark) => mark.includes(side)));
    }).toPass({ timeout: 40_000, intervals: [100, 250, 500] });
    await expect(this.desk.page.getByRole("alert")).toHaveCount(0);
  }
}
