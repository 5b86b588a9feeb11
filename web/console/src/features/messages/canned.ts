/** Choosing a canned response (话术) by typing `/`. */

/** A canned response to choose. */
export type Canned = { id: number; short_code: string; text: string };

const SHOWN_MAX = 8;

/** What the agent is looking for, when the whole text is `/` and a word. */
export function cannedWord(text: string): string | undefined {
  return /^\/(\S*)$/u.exec(text)?.[1]?.toLowerCase();
}

/** The canned responses that fit a word: those whose code begins with it come first. */
export function findCanned(all: Canned[], word: string): Canned[] {
  const begins = all.filter((each) => each.short_code.toLowerCase().startsWith(word));
  const contains = all.filter(
    (each) =>
      !begins.includes(each) && `${each.short_code} ${each.text}`.toLowerCase().includes(word),
  );
  return [...begins, ...contains].slice(0, SHOWN_MAX);
}
