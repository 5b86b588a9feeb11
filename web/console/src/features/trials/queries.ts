import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Trial } from "../../api/types";
import { useChange } from "../../api/useChange";

const trialKey = ["trial"] as const;

/** Its counts grow with the traffic, of which no event tells; whoever looks at them asks now and then. */
const LOOK_EVERY_MS = 10_000;

/** The trial that runs, or null. */
export const trialQuery = queryOptions({
  queryKey: [...trialKey, "running"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/nlu/trial"))).trial ?? null,
  refetchInterval: ({ state }) => (state.data ? LOOK_EVERY_MS : false),
});

/** What the tried release took for something else, newest first. */
export const trialDifferencesQuery = infiniteQueryOptions({
  queryKey: [...trialKey, "differences"] as const,
  queryFn: ({ pageParam }) =>
    unwrap(
      api.GET("/api/v1/nlu/trial/differences", {
        params: { query: { limit: 20, ...(pageParam && { after: pageParam }) } },
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** What to try, and how. */
export type TrialForm = { release_id: number; kind: Trial["kind"]; share?: number };

/** Tries a release on live traffic, in place of the trial before. */
export function useStartTrial() {
  return useChange(trialKey, (body: TrialForm) => unwrap(api.PUT("/api/v1/nlu/trial", { body })));
}

/** Ends the trial. */
export function useEndTrial() {
  return useChange(trialKey, () => unwrap(api.DELETE("/api/v1/nlu/trial")));
}
