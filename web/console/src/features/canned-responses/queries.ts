import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import type { CannedResponse } from "../../api/types";
import { useChange } from "../../api/useChange";

/** The reusable texts. */
export const cannedResponsesQuery = queryOptions({
  queryKey: ["canned-responses"] as const,
  queryFn: () =>
    everyPage((query) => unwrap(api.GET("/api/v1/canned-responses", { params: { query } }))),
});

/** What a canned response is made of. */
export type CannedForm = Pick<CannedResponse, "short_code" | "language" | "text">;

/** Fills the variables of a canned response for one conversation. */
export async function renderCanned(id: number, conversation_id: number): Promise<string> {
  const { text } = await unwrap(
    api.POST("/api/v1/canned-responses/{id}/render", {
      params: { path: { id } },
      body: { conversation_id },
    }),
  );
  return text;
}

/** Adds a canned response (without an id) or changes one. */
export function useSaveCanned() {
  return useChange(
    cannedResponsesQuery.queryKey,
    ({ id, form }: { id?: number; form: CannedForm }) =>
      unwrap(
        id === undefined
          ? api.POST("/api/v1/canned-responses", { body: form })
          : api.PATCH("/api/v1/canned-responses/{id}", { params: { path: { id } }, body: form }),
      ),
  );
}

/** Removes a canned response. */
export function useRemoveCanned() {
  return useChange(cannedResponsesQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/canned-responses/{id}", { params: { path: { id } } })),
  );
}
