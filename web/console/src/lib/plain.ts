/** Text in one line, where there is no room for its Markdown. */
import { neutralise } from "@attune/shared/text";

/** Drops the commonest marks of Markdown; what is left is shown as text, so nothing depends on it. */
export function plain(source: string): string {
  return neutralise(source)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|`+)/g, "")
    .replace(/^\s*(?:#{1,6}|>|[-*+])\s+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
