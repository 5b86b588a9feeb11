import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Contact } from "../../api/types";

const EARLIER_MAX = 10;

const contactKeys = {
  detail: (id: number) => ["contacts", id] as const,
  conversations: (id: number) => ["contacts", id, "conversations"] as const,
};

/** One contact. */
export function contactQuery(id: number) {
  return queryOptions({
    queryKey: contactKeys.detail(id),
    queryFn: () => unwrap(api.GET("/api/v1/contacts/{id}", { params: { path: { id } } })),
  });
}

/** The latest conversations of a contact. */
export function contactConversationsQuery(id: number) {
  return queryOptions({
    queryKey: contactKeys.conversations(id),
    queryFn: async () => {
      const page = await unwrap(
        api.GET("/api/v1/contacts/{id}/conversations", {
          params: { path: { id }, query: { limit: EARLIER_MAX } },
        }),
      );
      return page.items;
    },
  });
}

/** What agents may set of a contact. */
export type ContactForm = Pick<Contact, "name" | "email" | "phone">;

/** Changes a contact; lists show the new name with the event that follows. */
export function useUpdateContact(id: number) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: ContactForm) =>
      unwrap(api.PATCH("/api/v1/contacts/{id}", { params: { path: { id } }, body })),
    onSuccess: (contact) => cache.setQueryData(contactKeys.detail(id), contact),
  });
}
