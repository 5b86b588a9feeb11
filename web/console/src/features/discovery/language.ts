/** In which language people asked for something. */
import type { Language } from "../../api/types";

/** The language that most of some texts are in, by their script. */
export function languageOf(texts: readonly string[]): Language {
  const chinese = texts.filter((text) => /\p{Script=Han}/u.test(text)).length;
  return 2 * chinese >= texts.length ? "zh" : "en";
}
