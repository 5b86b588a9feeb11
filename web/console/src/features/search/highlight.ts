/** Shows where the words of a search stand in a text. */
import { plain } from "../../lib/plain";

/** A stretch of text that is, or is not, one of the words. */
export type Stretch = { text: string; hit: boolean; at: number };

const BEFORE_CHARS = 40;

/** Cuts a text into stretches, beginning shortly before the first hit. */
export function highlight(source: string, q: string): Stretch[] {
  const text = plain(source);
  const words = q.split(/\s+/).filter(Boolean).map(escapePattern);
  if (words.length === 0) return [{ text, hit: false, at: 0 }];
  const pattern = new RegExp(`(${words.join("|")})`, "giu");
  const first = text.search(pattern);
  const start = Math.max(0, first - BEFORE_CHARS);
  let at = start;
  const stretches = text
    .slice(start)
    .split(pattern)
    .map((part, index) => {
      const stretch = { text: part, hit: index % 2 === 1, at };
      at += part.length;
      return stretch;
    })
    .filter((stretch) => stretch.text !== "");
  return start > 0 ? [{ text: "…", hit: false, at: -1 }, ...stretches] : stretches;
}

function escapePattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
