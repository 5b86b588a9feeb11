/**
 * Makes text that strangers wrote safe to look at: marks that reorder, hide or pile up are taken out.
 *
 * It changes what is shown, never what is stored, and it does not escape: callers draw the result as
 * text (or through `markdown.ts`).
 */

/** Marks that turn text around: a name such as `gpj.exe` could otherwise read as `exe.jpg`. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/**
 * Marks that nobody sees: soft hyphen, zero-width space, word joiner, byte-order mark, fillers, marks of
 * annotations, of music, and of languages.
 */
const INVISIBLE =
  /\u034f|[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u17b4|\u17b5|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e007f}]/gu;
/** Joiners are part of emoji and of some scripts, but have no business in a name or an address. */
const JOINERS_OUTSIDE_EMOJI =
  /(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})[\u200c\u200d]/gu;
/** Control characters except tab and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
/** More than four marks on one letter ("zalgo"): no language writes that. */
const PILED = /(\p{M}{4})\p{M}+/gu;

/** More tones of skin in a row than there are: a line is not broken between them. */
const TONES = /(\p{Emoji_Modifier}{5})\p{Emoji_Modifier}+/gu;

/** The most that a name may take on the screen, in characters. */
export const NAME_CHARS_MAX = 80;

/** Text of a message without marks that reorder, hide or pile up. */
export function neutralise(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROL, "")
    .replace(BIDI, "")
    .replace(INVISIBLE, "")
    .replace(PILED, "$1")
    .replace(TONES, "$1");
}

/** A name on one line, without joiners outside emoji, cut at `NAME_CHARS_MAX`. */
export function displayName(name: string): string {
  const line = neutralise(name).replace(JOINERS_OUTSIDE_EMOJI, "").replace(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  if (characters.length <= NAME_CHARS_MAX) return line;
  return `${characters.slice(0, NAME_CHARS_MAX - 1).join("")}…`;
}

/** How many characters a person would count, near enough: code points. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The one or two letters that stand for a name in a round picture. */
export function initials(name: string): string {
  const clean = displayName(name);
  const words = clean.split(" ").filter(Boolean);
  const [first = "", second = ""] = words;
  if (/^\p{Script=Han}/u.test(clean)) return Array.from(clean)[0] ?? "";
  return ((Array.from(first)[0] ?? "") + (Array.from(second)[0] ?? "")).toUpperCase();
}
