/** What intents are called, and how one is found. */
import type { Intent } from "../api/types";

/** Says what an intent is called in words; its name if it has none. */
export type TitleOf = (name: string) => string;

/** What the intents are called in a language. */
export function intentTitles(intents: readonly Intent[], language: string): TitleOf {
  const titles = new Map(
    intents.map(({ name, languages }) => {
      const spoken = languages.find((each) => each.language === language) ?? languages[0];
      return [name, spoken?.title] as const;
    }),
  );
  return (name) => titles.get(name) || name;
}

/** The intents whose name or title, in any language, has every word of a query in it. */
export function findIntents(intents: readonly Intent[], query: string): Intent[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return intents.filter(({ name, languages }) => {
    const known = [name.replaceAll("_", " "), name, ...languages.map(({ title }) => title)];
    const text = known.join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
