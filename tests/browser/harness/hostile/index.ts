/**
 * Texts that try to become code, to be opened, or to fetch something; written for these tests.
 *
 * They are made of tables: what would be done (`deeds.ts`) in all that markup, addresses, Markdown,
 * templates, other writings and characters offer to do it with.
 */
import { ADDRESSED } from "./addresses.ts";
import { CHARACTERS } from "./characters.ts";
import { FETCHING, MARKUP } from "./markup.ts";
import { IN_MARKDOWN, TEMPLATED, WRITTEN_OTHERWISE } from "./markdown.ts";

export { DEEDS, STRANGER } from "./deeds.ts";

/** Every text; each is there once. */
export const HOSTILE: readonly string[] = [
  ...MARKUP,
  ...FETCHING,
  ...ADDRESSED,
  ...IN_MARKDOWN,
  ...TEMPLATED,
  ...WRITTEN_OTHERWISE,
  ...CHARACTERS,
];

/** Those that fit into a short field of one line. */
export function ofOneLine(charsMax: number): string[] {
  return HOSTILE.filter((text) => characters(text) <= charsMax && !/[\n\r\t]/.test(text) && text.trim() !== "");
}

/** Every nth text, for places that are looked at one by one. */
export function everyNth(texts: readonly string[], n: number): string[] {
  return texts.filter((_, index) => index % n === 0);
}

/** Puts as many texts as fit into fields of a size; a text that is larger than a field has one for itself, cut. */
export function packed(texts: readonly string[], charsMax: number, between: string): string[] {
  const fields: string[] = [];
  let open = "";
  for (const text of texts) {
    const more = open === "" ? text : open + between + text;
    if (characters(more) <= charsMax) {
      open = more;
      continue;
    }
    if (open !== "") fields.push(open);
    open = [...text].slice(0, charsMax).join("");
  }
  return open === "" ? fields : [...fields, open];
}

function characters(text: string): number {
  return [...text].length;
}
