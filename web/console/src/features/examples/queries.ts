import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Example, Language } from "../../api/types";
import { useChange } from "../../api/useChange";

const LANGUAGES = ["zh", "en"] as const satisfies Language[];

/** The longest search that is worth asking for. */
const QUERY_CHARS_MAX = 100;

/** Which examples are shown; it stands in the URL. */
export type ExampleFilter = {
  intent?: string | undefined;
  language?: Language | undefined;
  q?: string | undefined;
};

/** Reads the filter from a URL; what makes no sense is left out. */
export function parseExampleFilter(search: Record<string, unknown>): ExampleFilter {
  return {
    intent: wordOf(search.intent),
    language: LANGUAGES.find((each) => each === search.language),
    q: wordOf(search.q)?.slice(0, QUERY_CHARS_MAX),
  };
}

/** The router reads digits in an address as a number. */
function wordOf(value: unknown): string | undefined {
  const isWord = typeof value === "string" || typeof value === "number";
  return isWord && value !== "" ? String(value) : undefined;
}

const examplesKey = ["examples"] as const;

/** What people say who have an intent, in the order of the bot's files. */
export function examplesQuery({ intent, language, q }: ExampleFilter) {
  return infiniteQueryOptions({
    queryKey: [...examplesKey, { intent, language, q }] as const,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/nlu/examples", {
          params: {
            query: {
              limit: 50,
              ...(intent && { intent }),
              ...(language && { language }),
              ...(q && { q }),
              ...(pageParam && { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** Adds an example to an intent. */
export function useAddExample() {
  return useChange(examplesKey, (body: Omit<Example, "id">) =>
    unwrap(api.POST("/api/v1/nlu/examples", { body })),
  );
}

/** Changes an example, or moves it to another intent. */
export function useChangeExample() {
  return useChange(examplesKey, ({ id, ...body }: { id: number; text?: string; intent?: string }) =>
    unwrap(api.PATCH("/api/v1/nlu/examples/{id}", { params: { path: { id } }, body })),
  );
}

/** Removes an example. */
export function useRemoveExample() {
  return useChange(examplesKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/nlu/examples/{id}", { params: { path: { id } } })),
  );
}
