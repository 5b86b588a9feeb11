import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { useChange } from "../../api/useChange";

/** Where one is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/auth/sessions"))).items,
  staleTime: 0,
});

/** Signs out there, at once. */
export function useRevokeSession() {
  return useChange(sessionsQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } })),
  );
}
