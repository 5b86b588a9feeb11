/** Makes examples of what was discovered: of a new intent, or of one that the bot has. */
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, problemOf, unwrap } from "../../api/client";
import type { Language } from "../../api/types";

/** What an intent is called and answers in another language. */
type Translation = { language: Language; title: string; answer: string };

/** What the texts shall be examples of. */
export type Target =
  | {
      kind: "new";
      name: string;
      title: string;
      answer: string;
      language: Language;
      translations: Translation[];
    }
  | { kind: "known"; name: string; language: Language };

/** The texts that became examples, and those that another intent has or that are tests. */
export type Outcome = { added: readonly string[]; refused: readonly string[] };

/** What the server says of a sentence that cannot be an example. */
const REFUSALS = new Set(["example-elsewhere", "example-is-test"]);

/** Makes examples of texts that a trainer has picked. */
export function useAdopt() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ target, texts }: { target: Target; texts: readonly string[] }) =>
      target.kind === "new" ? addIntent(target, texts) : addExamples(target, texts),
    onSettled: () => {
      for (const queryKey of [["intents"], ["examples"]]) cache.invalidateQueries({ queryKey });
    },
  });
}

/** All of them or none: an intent is a file. */
async function addIntent(
  { kind: _, ...intent }: Target & { kind: "new" },
  texts: readonly string[],
): Promise<Outcome> {
  try {
    await unwrap(api.POST("/api/v1/nlu/intents", { body: { ...intent, examples: [...texts] } }));
    return { added: texts, refused: [] };
  } catch (error) {
    const places = refusedPlaces(error);
    if (places.length === 0) throw error;
    return { added: [], refused: texts.filter((_, place) => places.includes(place)) };
  }
}

/** Which of the examples the server refused, if it had nothing else to object to. */
function refusedPlaces(error: unknown): number[] {
  const fields = problemOf(error)?.problem.errors ?? [];
  const places = fields.map(({ pointer }) => /^\/examples\/(\d+)$/.exec(pointer)?.[1]);
  return places.every((place) => place !== undefined) ? places.map(Number) : [];
}

/** One after the other: each is a line of its own, and one that is there already does no harm. */
async function addExamples({ name, language }: Target, texts: readonly string[]): Promise<Outcome> {
  const added: string[] = [];
  const refused: string[] = [];
  for (const text of texts) {
    try {
      await unwrap(api.POST("/api/v1/nlu/examples", { body: { intent: name, language, text } }));
      added.push(text);
    } catch (error) {
      if (!REFUSALS.has(problemOf(error)?.code ?? "")) throw error;
      refused.push(text);
    }
  }
  return { added, refused };
}
