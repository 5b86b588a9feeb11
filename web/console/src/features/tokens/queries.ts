import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import { useChange } from "../../api/useChange";

/** One's own API tokens. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"] as const,
  queryFn: () => everyPage((query) => unwrap(api.GET("/api/v1/tokens", { params: { query } }))),
});

/** Makes a token; the answer holds it, once. */
export function useCreateToken() {
  return useChange(tokensQuery.queryKey, (name: string) =>
    unwrap(api.POST("/api/v1/tokens", { body: { name } })),
  );
}

/** Revokes a token, at once. */
export function useRevokeToken() {
  return useChange(tokensQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
  );
}
