import { queryOptions, useMutation } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import type { Inbox } from "../../api/types";
import { useChange } from "../../api/useChange";

/** The entry points of conversations. */
export const inboxesQuery = queryOptions({
  queryKey: ["inboxes"] as const,
  queryFn: () => everyPage((query) => unwrap(api.GET("/api/v1/inboxes", { params: { query } }))),
});

/** What can be set of an inbox. */
export type InboxForm = Pick<
  Inbox,
  | "name"
  | "language"
  | "greeting"
  | "allowed_origins"
  | "enforce_identity"
  | "identity_public_key"
  | "bot"
>;

/** Adds an inbox (without an id) or changes one. */
export function useSaveInbox() {
  return useChange(inboxesQuery.queryKey, ({ id, form }: { id?: number; form: InboxForm }) =>
    unwrap(
      id === undefined
        ? api.POST("/api/v1/inboxes", { body: form })
        : api.PATCH("/api/v1/inboxes/{id}", { params: { path: { id } }, body: form }),
    ),
  );
}

/** Replaces the secret that signs visitors' identities; the old one stops working. */
export function useRotateSecret() {
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(api.POST("/api/v1/inboxes/{id}/rotate-secret", { params: { path: { id } } })),
  });
}

/** Draws the secret that signs what a company's own server passes on; the one before counts for a day. */
export function useRotateIncomingSecret() {
  return useChange(inboxesQuery.queryKey, (id: number) =>
    unwrap(api.POST("/api/v1/inboxes/{id}/incoming-secret", { params: { path: { id } } })),
  );
}

/** Takes no more of what a company's own server passes on. */
export function useForgetIncomingSecret() {
  return useChange(inboxesQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/inboxes/{id}/incoming-secret", { params: { path: { id } } })),
  );
}
