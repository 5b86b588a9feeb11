import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import type { Delivery } from "../../api/types";
import { useChange } from "../../api/useChange";

/** The addresses that are told of events. */
export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"] as const,
  queryFn: () => everyPage((query) => unwrap(api.GET("/api/v1/webhooks", { params: { query } }))),
});

const deliveriesKey = (id: number) => ["webhooks", id, "deliveries"] as const;

/** How far a delivery can be. */
export const DELIVERY_STATES = [
  "waiting",
  "delivered",
  "dead",
] as const satisfies Delivery["state"][];

/** What was delivered to a webhook, newest first; only what is in `state`, if that is given. */
export function deliveriesQuery(id: number, state?: Delivery["state"]) {
  return infiniteQueryOptions({
    queryKey: [...deliveriesKey(id), state ?? "all"] as const,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/webhooks/{id}/deliveries", {
          params: {
            path: { id },
            query: { limit: 30, ...(state && { state }), ...(pageParam && { after: pageParam }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** What can be set of a webhook. */
export type WebhookForm = { url: string; events: string[] };

/** Adds a webhook; the answer holds its secret, once. */
export function useCreateWebhook() {
  return useChange(webhooksQuery.queryKey, (body: WebhookForm) =>
    unwrap(api.POST("/api/v1/webhooks", { body })),
  );
}

/** Changes a webhook. */
export function useUpdateWebhook() {
  return useChange(
    webhooksQuery.queryKey,
    ({ id, ...body }: { id: number; enabled?: boolean } & Partial<WebhookForm>) =>
      unwrap(api.PATCH("/api/v1/webhooks/{id}", { params: { path: { id } }, body })),
  );
}

/** Removes a webhook. */
export function useRemoveWebhook() {
  return useChange(webhooksQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/webhooks/{id}", { params: { path: { id } } })),
  );
}

/** Replaces the secret that signs deliveries. */
export function useRotateWebhookSecret() {
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(api.POST("/api/v1/webhooks/{id}/rotate-secret", { params: { path: { id } } })),
  });
}

/** Delivers once more. */
export function useReplay(id: number) {
  return useChange(deliveriesKey(id), (delivery_id: number) =>
    unwrap(
      api.POST("/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay", {
        params: { path: { id, delivery_id } },
      }),
    ),
  );
}
