/** The sentences of the pages, from the same files as the pages. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A language of the pages. */
export type Locale = "zh" | "en";

/** Both languages. */
export const LOCALES: readonly Locale[] = ["zh", "en"];

/** A file of sentences. */
export type Part = "widget" | "console" | "loader" | "common";

const FOLDER = resolve(import.meta.dirname, "../../../web/shared/locales");

/** The sentences of one language. */
export class Words {
  private readonly files = new Map<Part, unknown>();

  constructor(readonly locale: Locale) {}

  /** The sentence of a key; an unknown key is an error of the test. */
  of(part: Part, key: string, values: Record<string, string | number> = {}): string {
    const sentence = key
      .split(".")
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], this.read(part));
    if (typeof sentence !== "string") throw new Error(`${this.locale}/${part}.json has no ${key}`);
    return sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
  }

  private read(part: Part): unknown {
    if (!this.files.has(part)) {
      const path = resolve(FOLDER, this.locale, `${part}.json`);
      this.files.set(part, JSON.parse(readFileSync(path, "utf8")));
    }
    return this.files.get(part);
  }
}
