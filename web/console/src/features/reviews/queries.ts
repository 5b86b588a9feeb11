import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Language, ReviewReason } from "../../api/types";

/** Why something waits, from what is most useful to decide to what is least. */
export const REVIEW_REASONS = [
  "corrected",
  "badly_rated",
  "handed_off",
  "uncertain",
] as const satisfies ReviewReason[];

const LANGUAGES = ["zh", "en"] as const satisfies Language[];

/** Which part of the queue is shown; it stands in the URL. */
export type ReviewFilter = {
  reason?: ReviewReason | undefined;
  language?: Language | undefined;
};

/** Reads the filter from a URL; what makes no sense is left out. */
export function parseReviewFilter(search: Record<string, unknown>): ReviewFilter {
  return {
    reason: REVIEW_REASONS.find((each) => each === search.reason),
    language: LANGUAGES.find((each) => each === search.language),
  };
}

const keys = {
  all: ["reviews"] as const,
  list: ["reviews", "list"] as const,
  counts: ["reviews", "counts"] as const,
};

/** What waits for a decision, the most useful first. */
export function reviewsQuery({ reason, language }: ReviewFilter) {
  return infiniteQueryOptions({
    queryKey: [...keys.list, reason ?? "all", language ?? "all"] as const,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/nlu/reviews", {
          params: {
            query: {
              limit: 50,
              ...(reason && { reason }),
              ...(language && { language }),
              ...(pageParam && { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

const COUNT_EVERY_MS = 5_000;

/**
 * How much waits.
 *
 * No event tells that something has come into the queue, since it is filled a
 * moment after the fact; whoever looks at the queue asks every few seconds.
 */
export const reviewCountQuery = queryOptions({
  queryKey: keys.counts,
  queryFn: async () => (await unwrap(api.GET("/api/v1/nlu/reviews/counts"))).open,
  refetchInterval: COUNT_EVERY_MS,
});

/** Fetches the queue again. */
export function useRefreshReviews() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: keys.list });
}

/** What a trainer decides about an item. */
export type Choice =
  | { decision: "accept" }
  | { decision: "reject" }
  | { decision: "correct"; intent: string; language?: Language };

/** Decides what an item means. One after the other, in the order of the keys that were pressed. */
export function useDecide() {
  const cache = useQueryClient();
  return useMutation({
    meta: { reported: true },
    scope: { id: "reviews" },
    mutationFn: ({ id, ...body }: { id: number } & Choice) =>
      unwrap(api.POST("/api/v1/nlu/reviews/{id}/decide", { params: { path: { id } }, body })),
    onSuccess: () =>
      cache.setQueryData(reviewCountQuery.queryKey, (open) => open && Math.max(0, open - 1)),
  });
}
