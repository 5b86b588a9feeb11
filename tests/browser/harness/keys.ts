/** Somebody who has a keyboard and no mouse. */
import { type Locator, type Page, expect } from "@playwright/test";

const PRESSES_MAX = 80;

/** Presses Tab until the focus is on a thing; fails when it cannot be reached. */
export async function tabTo(page: Page, thing: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(thing).toBeVisible();
  for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
    if (await hasFocus(thing)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${thing} cannot be reached with ${key}`);
}

/** Whether a thing, also one in a frame or a shadow root, has the focus. */
async function hasFocus(thing: Locator): Promise<boolean> {
  return thing.evaluate((node) => (node.getRootNode() as Document | ShadowRoot).activeElement === node && document.hasFocus());
}
