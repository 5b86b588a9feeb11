/** What Playwright cannot do in the Firefox that everybody has, which it drives by WebDriver BiDi. */
import type { BrowserContext, Route } from "@playwright/test";

import { Sockets } from "./sockets.ts";

/** What a page calls to tell of its sockets. */
const TELL = "__tellOfSocket";

/** Makes up for it in the pages that a context will have, with their content security policy or without. */
export async function makeUpForFirefox(context: BrowserContext, unprotected: boolean): Promise<void> {
  if (context.browser()?.browserType().name() !== "firefox") return;
  await context.exposeBinding(TELL, ({ page }, ...news: Parameters<Sockets["hear"]>) => Sockets.of(page).hear(...news));
  await context.addInitScript(tellOfSockets, TELL);
  await context.addInitScript(letReactNotice);
  if (unprotected) await context.route(isPage, withoutPolicy);
}

/** Whether an address is that of a page of ours, which has a policy. */
function isPage({ pathname }: URL): boolean {
  return /^\/(widget|console)(\/[^.]*)?$/.test(pathname);
}

/** Hands a page on as it is, but for what its policy forbids: the protocol cannot leave a policy out. */
async function withoutPolicy(route: Route): Promise<void> {
  const response = await route.fetch();
  const { "content-security-policy": _, ...headers } = response.headers();
  await route.fulfill({ response, headers });
}

/** The protocol knows of no sockets, so the page tells of them. Runs in every page, before its own scripts. */
function tellOfSockets(tell: string) {
  type Tell = (...news: Parameters<Sockets["hear"]>) => void;
  const say = (window as unknown as Record<string, Tell>)[tell] as Tell;
  let count = 0;
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      count += 1;
      const name = `${performance.timeOrigin} ${count}`;
      say(name, "opened");
      this.addEventListener("message", ({ data }) => say(name, "received", String(data)));
      this.addEventListener("close", () => say(name, "closed"));
    }
  };
}

/** Text is put into a field by script, which React takes for its own doing. Runs in every page. */
function letReactNotice() {
  type Field = EventTarget & { _valueTracker?: { setValue(value: string): void } };
  const forget = ({ isTrusted, target }: Event) => {
    if (!isTrusted) (target as Field)._valueTracker?.setValue("\u0000");
  };
  window.addEventListener("input", forget, { capture: true });
}
