import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import { useChange } from "../../api/useChange";

/** The labels of conversations. */
export const tagsQuery = queryOptions({
  queryKey: ["tags"] as const,
  queryFn: () => everyPage((query) => unwrap(api.GET("/api/v1/tags", { params: { query } }))),
});

/** What a tag is made of. */
export type TagForm = { name: string; color: string };

/** Adds a tag (without an id) or changes one. */
export function useSaveTag() {
  return useChange(tagsQuery.queryKey, ({ id, form }: { id?: number; form: TagForm }) =>
    unwrap(
      id === undefined
        ? api.POST("/api/v1/tags", { body: form })
        : api.PATCH("/api/v1/tags/{id}", { params: { path: { id } }, body: form }),
    ),
  );
}

/** Removes a tag, from its conversations too. */
export function useRemoveTag() {
  return useChange(tagsQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/tags/{id}", { params: { path: { id } } })),
  );
}
