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

/** Alphabets that have letters in common to the eye, of which a word takes one. */
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];
/** Letters of Cyrillic and Greek that look like Latin ones. */
const LIKE_LATIN = /^[асеорхуіјѕԁԛԝһӏАВЕКМНОРСТХУІЈЅԌԚԜҺӀοναριυκγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]+$/u;

/** What stands after a name that may be taken for another. */
const LOOK_ALIKE = "⚠";
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

/**
 * A name on one line, without joiners outside emoji, cut at `NAME_CHARS_MAX`; `LOOK_ALIKE` stands after it
 * if its letters imitate others.
 */
export function displayName(name: string): string {
  const line = cleanName(name);
  const characters = Array.from(line);
  const cut =
    characters.length <= NAME_CHARS_MAX
      ? line
      : `${characters.slice(0, NAME_CHARS_MAX - 1).join("")}…`;
  return hasLookAlikes(line) ? `${cut} ${LOOK_ALIKE}` : cut;
}

/** A name on one line, without joiners outside emoji: what a file is saved as. */
export function cleanName(name: string): string {
  return neutralise(name).replace(JOINERS_OUTSIDE_EMOJI, "").replace(/\s+/gu, " ").trim();
}

/**
 * Whether a name may be taken for another: a word of it mixes alphabets that share the looks of letters
 * (`Pаypal` with a Cyrillic а), or all of its letters are borrowed (`рорасе`).
 */
export function hasLookAlikes(name: string): boolean {
  const words = cleanName(name).match(/[\p{L}\p{M}]+/gu) ?? [];
  const mixed = words.some((word) => ALPHABETS.filter((letters) => letters.test(word)).length > 1);
  const letters = words.join("");
  return mixed || (letters.length > 1 && LIKE_LATIN.test(letters));
}

/** How many characters a person would count, near enough: code points. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The one or two letters that stand for a name in a round picture. */
export function initials(name: string): string {
  const clean = cleanName(name);
  const words = clean.split(" ").filter(Boolean);
  const [first = "", second = ""] = words;
  if (/^\p{Script=Han}/u.test(clean)) return Array.from(clean)[0] ?? "";
  return ((Array.from(first)[0] ?? "") + (Array.from(second)[0] ?? "")).toUpperCase();
}
