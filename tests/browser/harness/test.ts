/**
 * The test of this package: with a server, an owner who is signed in, and watched browsers.
 *
 * A journey gets its browsers from `people`: each has a context of its own, and whatever its pages do
 * that no page may do fails the journey at its end.
 */
import { type BrowserContext, type BrowserContextOptions, type Page, test as base, expect } from "@playwright/test";

import { Api } from "./api.ts";
import { Desk } from "./desk.ts";
import { makeUpForFirefox } from "./firefox.ts";
import { Server } from "./server.ts";
import { Steps } from "./steps.ts";
import { Visitor } from "./visitor.ts";
import { Watch } from "./watch.ts";
import { type Locale, Words } from "./words.ts";

export { expect };

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** The owner of the demo company: in a browser, and for programs. */
interface Owner {
  session: Session;
  tokens: string[];
}

/** How many tokens the preparing program has; each may be used some hundred times a minute. */
const TOKENS = 8;

/** How a browser differs from the usual. */
export interface Setting extends Pick<BrowserContextOptions, "viewport" | "hasTouch" | "isMobile"> {
  /** Where the pages come from, if not straight from the server. */
  origin?: string;
  /** Whether its pages come without their content security policy. */
  unprotected?: boolean;
}

/** Without its content security policy a page must do by itself what the policy would do as well. */
export const UNPROTECTED: Setting = { unprotected: true };

/** A phone, held upright. */
export const PHONE: Setting = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Brings browsers, each with somebody before it. */
export class People {
  private readonly browsers: { context: BrowserContext; watch: Watch }[] = [];
  /** The newest that comes: Firefox opens one after another. */
  private coming: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly server: Server,
    private readonly owner: Session,
    private readonly newContext: (options: BrowserContextOptions) => Promise<BrowserContext>,
  ) {}

  /** A visitor on the demo company's page, whose chat is closed. */
  async visitor(locale: Locale, setting: Setting = {}): Promise<Visitor> {
    const page = await this.page(locale, setting);
    return Visitor.onDemoPage(page, setting.origin ?? this.server.at("site"), new Words(locale));
  }

  /** A visitor on the widget's own page. */
  async visitorOfInbox(locale: Locale, inbox: string, setting: Setting = {}): Promise<Visitor> {
    const page = await this.page(locale, setting);
    return Visitor.onOwnPage(page, setting.origin ?? this.server.at("widget"), inbox, new Words(locale));
  }

  /** The owner of the demo company at the desk; `signedIn: false` leaves the door closed. */
  async desk(locale: Locale, setting: Setting & { signedIn?: boolean } = {}): Promise<Desk> {
    const { signedIn = true, ...rest } = setting;
    const page = await this.page(locale, rest, signedIn ? this.owner : undefined);
    return new Desk(page, setting.origin ?? this.server.at("console"), new Words(locale));
  }

  /** A page in a browser of its own. */
  page(locale: Locale, setting: Setting = {}, session?: Session): Promise<Page> {
    const page = this.coming.then(() => this.newPage(locale, setting, session));
    this.coming = page.catch(() => undefined);
    return page;
  }

  private async newPage(locale: Locale, setting: Setting, session?: Session): Promise<Page> {
    const { origin, unprotected = false, ...options } = setting;
    const context = await this.newContext({
      ...options,
      bypassCSP: unprotected,
      locale: locale === "zh" ? "zh-CN" : "en-GB",
      ...(session && { storageState: session }),
    });
    const watch = await Watch.on(context, ...(origin ? [origin] : this.server.origins));
    this.browsers.push({ context, watch });
    await makeUpForFirefox(context, unprotected);
    return context.newPage();
  }

  /** What listens to a page. */
  watchOf(page: Page): Watch {
    const found = this.browsers.find(({ context }) => context === page.context());
    if (!found) throw new Error("nobody watches this page");
    return found.watch;
  }

  /** Closes every browser and returns what the pages did that no page may do. */
  async leave(): Promise<string[]> {
    for (const { context } of this.browsers) await context.close();
    return this.browsers.flatMap(({ watch }) => watch.complaints);
  }
}

interface Fixtures {
  people: People;
  steps: Steps;
}

interface WorkerFixtures {
  /** Whether console, widget and files have an origin each. */
  apart: boolean;
  server: Server;
  owner: Owner;
  api: Api;
}

/** A journey. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  apart: [false, { option: true, scope: "worker" }],

  server: [
    async ({ apart }, use) => {
      const server = await Server.start({ apart });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  // The one-time link works once, so every browser of the owner shares the session that it gave.
  owner: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({ locale: "zh-CN" });
      const desk = new Desk(await context.newPage(), server.at("console"), new Words("zh"));
      await desk.page.goto(server.loginLink);
      await expect(desk.list).toBeVisible();
      const session = await context.storageState();
      const tokens = await desk.page.evaluate(makeTokens, TOKENS);
      await context.close();
      await use({ session, tokens });
    },
    { scope: "worker" },
  ],

  api: [
    async ({ playwright, server, owner }, use) => {
      const request = await playwright.request.newContext();
      await use(new Api(request, server.origin, owner.tokens));
      await request.dispose();
    },
    { scope: "worker" },
  ],

  people: async ({ browser, server, owner, contextOptions, viewport, timezoneId }, use) => {
    const people = new People(server, owner.session, (options) =>
      browser.newContext({ ...contextOptions, viewport, ...(timezoneId && { timezoneId }), ...options }),
    );
    await use(people);
    expect(await people.leave(), "what a page must never do").toEqual([]);
  },

  // biome-ignore lint/correctness/noEmptyPattern: the form that Playwright reads
  steps: async ({}, use, { title, project }) => {
    await use(new Steps(folderOf(project.name, title)));
  },
});

/** Where the pictures of a journey go: each browser has its own. */
function folderOf(project: string, title: string): string {
  if (project === "pictures") return project;
  const folder = title.replace(/[^\w一-龥]+/g, "-");
  return project === "journeys" ? folder : `${project}-${folder}`;
}

/** Runs in the console: makes personal tokens, as its owner could in the settings. */
async function makeTokens(count: number): Promise<string[]> {
  const make = async (_: unknown, number: number) => {
    const answer = await fetch("/api/v1/tokens", {
      method: "POST",
      headers: { "content-type": "application/json", "X-Attune": "1" },
      body: JSON.stringify({ name: `browser tests ${number}` }),
    });
    return ((await answer.json()) as { token: string }).token;
  };
  return Promise.all(Array.from({ length: count }, make));
}
