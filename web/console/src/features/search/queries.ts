import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";

/** The messages that contain some words, best first. */
export function searchQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: ["search", q] as const,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/search", {
          params: { query: { q, limit: 20, ...(pageParam && { after: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: q !== "",
  });
}
