import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { useChange } from "../../api/useChange";

const deadJobsKey = ["jobs", "dead"] as const;

/** The jobs that were given up. */
export const deadJobsQuery = infiniteQueryOptions({
  queryKey: deadJobsKey,
  queryFn: ({ pageParam }) =>
    unwrap(
      api.GET("/api/v1/jobs", {
        params: { query: { state: "dead", limit: 30, ...(pageParam && { after: pageParam }) } },
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** Tries a dead job again. */
export function useRetryJob() {
  return useChange(deadJobsKey, (id: number) =>
    unwrap(api.POST("/api/v1/jobs/{id}/retry", { params: { path: { id } } })),
  );
}
