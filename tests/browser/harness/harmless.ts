/** Judges pages on which hostile texts stand. */
import { type Locator, type Page, expect } from "@playwright/test";

import { isPwned } from "./watch.ts";

const SCHEMES = /^(https?|mailto|tel|blob):/;
/** What no page of ours has, whatever was written into it. */
const FORBIDDEN = [
  "script:not([src])",
  "iframe, frame, object, embed, portal, applet",
  "base, meta[http-equiv]",
  "link[rel=prefetch], link[rel=preconnect]",
  "math, marquee, video, audio, foreignObject, animate, annotation-xml",
  "[srcdoc], [formaction], [ping], [background], [poster], [srcset]",
].join();

/**
 * Nothing ran, no element came out of a text, and no link leads where a link may not. What a page asks
 * for, says in a dialog or breaks of its policy is heard by the watch.
 */
export async function harmless(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    expect(await isPwned(page)).toBe(false);
    for (const frame of page.frames()) {
      // The company's own page may hold what it likes.
      if (!/\/(widget|console)\//.test(frame.url())) continue;
      expect(await frame.evaluate(look, FORBIDDEN)).toEqual({
        handlers: [],
        forbidden: [],
        hrefs: expect.not.arrayContaining([expect.not.stringMatching(SCHEMES)]),
        sources: expect.not.arrayContaining([expect.stringMatching(/stranger|javascript|data:text/)]),
      });
    }
  }
}

/** Nothing that stands in a place is wider than the place. */
export async function fits(place: Locator): Promise<void> {
  const excess_px = await place.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(excess_px).toBeLessThanOrEqual(0);
}

/** Runs in the page. */
function look(forbidden: string) {
  const elements = [...document.querySelectorAll("*")];
  return {
    handlers: elements.flatMap((element) => element.getAttributeNames().filter((name) => name.startsWith("on"))),
    forbidden: [...document.querySelectorAll(forbidden)].map((element) => element.outerHTML.slice(0, 200)),
    hrefs: elements.filter((element) => element instanceof HTMLAnchorElement && element.hasAttribute("href")).map((element) => (element as HTMLAnchorElement).href),
    sources: [...document.images].map((image) => image.src),
  };
}
