/** Shows in a text which of its pieces weighed most for an intent. */
import type { Parsed } from "../../api/types";

/** How much a stretch of the text weighed: nothing, or from 1 to 3. */
export type Level = 0 | 1 | 2 | 3;

/** How many times lighter than the weightiest a piece is that is not worth a mark. */
const TRIFLE = 10;

/** A stretch of the text, all of which weighed the same. */
export type Mark = { text: string; level: Level; at: number };

/**
 * Cuts a text into stretches by what weighed. Pieces may overlap: the
 * weightiest that covers a character counts. Places are counted in characters
 * and not in halves of surrogate pairs, as the server does.
 */
export function marks(text: string, reasons: Parsed["explanation"]): Mark[] {
  const characters = [...text];
  const weights = characters.map(() => 0);
  for (const { start, end, weight } of reasons)
    for (let at = start; at < Math.min(end, characters.length); at += 1)
      weights[at] = Math.max(weights[at] ?? 0, weight);
  const most = Math.max(0, ...weights);
  const stretches: Mark[] = [];
  characters.forEach((character, at) => {
    const level = levelOf(weights[at] ?? 0, most);
    const last = stretches.at(-1);
    if (last?.level === level) last.text += character;
    else stretches.push({ text: character, level, at });
  });
  return stretches;
}

function levelOf(weight: number, most: number): Level {
  if (weight <= most / TRIFLE) return 0;
  return weight > (2 / 3) * most ? 3 : weight > most / 3 ? 2 : 1;
}
