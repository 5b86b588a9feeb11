/** What a comparison of two releases comes to, in a word. */
import type { Comparison } from "../../api/types";

/** Above it, a difference as great is no rarity between releases that are equally good. */
const CHANCE_FROM = 0.05;

/** Which of two releases is better: the first, the second, neither, or nobody can tell. */
export type Verdict = "same" | "chance" | "better" | "worse";

/** Says what the first release is, measured by the second. */
export function verdictOf(comparison: Comparison): Verdict {
  const { only_first, only_second, p_value } = comparison;
  if (only_first === 0 && only_second === 0) return "same";
  if (p_value > CHANCE_FROM) return "chance";
  return only_first > only_second ? "better" : "worse";
}
