/** Takes a picture of every step, for eyes to judge after the run. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";

const FOLDER = resolve(import.meta.dirname, "../out/steps");

/** The pictures of one journey. */
export class Steps {
  private number = 0;

  constructor(private readonly journey: string) {}

  /** Takes a picture of a page. */
  async shoot(page: Page, name: string): Promise<void> {
    this.number += 1;
    const number = String(this.number).padStart(2, "0");
    await mkdir(join(FOLDER, this.journey), { recursive: true });
    await page.screenshot({ path: join(FOLDER, this.journey, `${number}-${name}.png`), animations: "disabled" });
  }
}
