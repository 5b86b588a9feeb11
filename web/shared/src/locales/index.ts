/**
 * The sentences of Attune's pages and a small reader for them.
 *
 * The files are i18next JSON (nested keys, `{{value}}`, `_one`/`_other` plurals), so the console reads
 * them with i18next; the widget, which counts its kilobytes, reads them with `translator`.
 */
import type { Locale } from "../live/frames.ts";

/** Every language, the first being the one to fall back on. */
export const LOCALES: readonly Locale[] = ["zh", "en"];

/** A file of sentences. */
export interface Sentences {
  readonly [key: string]: string | Sentences;
}

/** The keys of a file, `a.b`, plural forms folded into their stem. */
export type KeyOf<T> = {
  [K in keyof T & string]: T[K] extends string ? Stem<K> : `${K}.${KeyOf<T[K]>}`;
}[keyof T & string];
type Stem<K extends string> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;

/** What fills the gaps in a sentence. */
export type Values = Readonly<Record<string, string | number>>;

/** Returns the sentence of a key in one language. */
export type Translate<Key extends string = string> = (key: Key, values?: Values) => string;

/** The supported language nearest to a tag such as `zh-Hant-TW` or `en_GB`. */
export function pickLocale(...tags: (string | null | undefined)[]): Locale {
  for (const tag of tags) {
    const language = tag?.toLowerCase().split(/[-_]/)[0];
    const locale = LOCALES.find((one) => one === language);
    if (locale) return locale;
  }
  return tags.some((tag) => tag) ? "en" : "zh";
}

/** Reads sentences of one language; a missing key is shown as itself, never as nothing. */
export function translator<Key extends string>(locale: Locale, files: Sentences[]): Translate<Key> {
  const plural = new Intl.PluralRules(locale);
  return (key, values) => {
    const { count } = values ?? {};
    const forms =
      typeof count === "number" ? [`${key}_${plural.select(count)}`, `${key}_other`, key] : [key];
    for (const form of forms) {
      const sentence = find(files, form);
      if (sentence !== undefined) return fill(sentence, values);
    }
    return key;
  };
}

function find(files: Sentences[], key: string): string | undefined {
  for (const file of files) {
    let at: string | Sentences | undefined = file;
    for (const part of key.split(".")) at = typeof at === "object" ? at[part] : undefined;
    if (typeof at === "string") return at;
  }
  return;
}

function fill(sentence: string, values: Values = {}): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (gap, name: string) => String(values[name] ?? gap));
}
