import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Conversation, Page } from "../../api/types";
import { type Filters, toQuery } from "./filters";
import { conversationKeys } from "./keys";

const PAGE_SIZE = 30;

/** The pages of one list, as the cache holds them. */
export type ConversationPages = InfiniteData<Page<Conversation>, string | undefined>;

/** The conversations that pass the filters, newest activity first. */
export function conversationsQuery(filters: Filters) {
  return infiniteQueryOptions({
    queryKey: conversationKeys.list(filters),
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/conversations", {
          params: {
            query: {
              ...toQuery(filters),
              limit: PAGE_SIZE,
              ...(pageParam && { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** Reads a list, page by page. */
export function useConversations(filters: Filters) {
  return useInfiniteQuery({
    ...conversationsQuery(filters),
    select: distinct,
  });
}

/** How many conversations there are of each kind. */
export const countsQuery = queryOptions({
  queryKey: conversationKeys.counts,
  queryFn: () => unwrap(api.GET("/api/v1/conversations/counts")),
});

/** One conversation. */
export function conversationQuery(id: number) {
  return queryOptions({
    queryKey: conversationKeys.detail(id),
    queryFn: () => unwrap(api.GET("/api/v1/conversations/{id}", { params: { path: { id } } })),
  });
}

/** Reads one conversation. */
export function useConversation(id: number) {
  return useQuery(conversationQuery(id));
}

/** A conversation that rose while pages were read can be on two of them; its first place counts. */
function distinct(data: ConversationPages): Conversation[] {
  const seen = new Set<number>();
  return data.pages.flatMap((page) => page.items).filter(({ id }) => !seen.has(id) && seen.add(id));
}
