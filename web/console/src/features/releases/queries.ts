import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import type { Language, Release } from "../../api/types";
import { useChange } from "../../api/useChange";

const LANGUAGES = ["zh", "en"] as const satisfies Language[];

/** An intent that was taken for another, in a language; what is looked at stands in the URL. */
export type ConfusionKey = {
  language?: Language | undefined;
  expected?: string | undefined;
  found?: string | undefined;
};

/** Reads from a URL which confusion is looked at. */
export function parseConfusion(search: Record<string, unknown>): ConfusionKey {
  const { expected, found } = search;
  return {
    language: LANGUAGES.find((each) => each === search.language),
    expected: expected === undefined ? undefined : String(expected),
    found: found === undefined ? undefined : String(found),
  };
}

const releasesKey = ["releases"] as const;

/** The releases that are kept, newest first: at most twenty, and those in training. */
export const releasesQuery = queryOptions({
  queryKey: releasesKey,
  queryFn: () =>
    everyPage((query) => unwrap(api.GET("/api/v1/nlu/releases", { params: { query } }))),
});

/** How a release did on the tests. It was measured once and does not change. */
export function evaluationQuery(id: number) {
  return queryOptions({
    queryKey: ["evaluations", id] as const,
    queryFn: async () => {
      const params = { path: { id } };
      return (await unwrap(api.GET("/api/v1/nlu/releases/{id}/evaluation", { params }))).languages;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The sentences of a confusion. They do not change either. */
export function missesQuery(id: number, { language, expected, found }: ConfusionKey) {
  return infiniteQueryOptions({
    queryKey: ["misses", id, { language, expected, found }] as const,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/nlu/releases/{id}/misses", {
          params: {
            path: { id },
            query: {
              ...(language && { language }),
              ...(expected && { expected }),
              ...(found && { found }),
              ...(pageParam && { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How two releases differ on the tests as they are now. */
export function comparisonQuery(first: number, second: number) {
  return queryOptions({
    queryKey: ["comparisons", first, second] as const,
    queryFn: () =>
      unwrap(api.POST("/api/v1/nlu/compare", { body: { first_id: first, second_id: second } })),
  });
}

/** Puts a release to work. */
export function usePublish() {
  return useChange(releasesKey, (id: number) =>
    unwrap(api.POST("/api/v1/nlu/releases/{id}/publish", { params: { path: { id } } })),
  );
}

/** Puts the release to work again that was in use before. */
export function useRollBack() {
  return useChange(releasesKey, () => unwrap(api.POST("/api/v1/nlu/releases/roll-back")));
}

/** Removes a release; one in training is given up. */
export function useRemoveRelease() {
  return useChange(releasesKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/nlu/releases/{id}", { params: { path: { id } } })),
  );
}

/** The release that is in use. */
export function releaseInUse(releases: readonly Release[]): Release | undefined {
  return releases.find(({ state }) => state === "released");
}
