import {
  infiniteQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Message } from "../../api/types";
import { messageKeys } from "./keys";
import { blank, type ThreadPages } from "./patch";

const PAGE_SIZE = 50;

/** A thread, from its end backwards. */
export function threadQuery(conversation: number) {
  return infiniteQueryOptions({
    queryKey: messageKeys.thread(conversation),
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/conversations/{id}/messages", {
          params: {
            path: { id: conversation },
            query: { limit: PAGE_SIZE, ...(pageParam && { before: pageParam }) },
          },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.next ? Number(page.next) : undefined),
  });
}

/** Reads a thread, oldest first. */
export function useThread(conversation: number) {
  return useInfiniteQuery({ ...threadQuery(conversation), select: inOrder });
}

/** Takes one's own message back; it stays in its place, blank. */
export function useRetract(conversation: number) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (message: number) =>
      unwrap(
        api.DELETE("/api/v1/conversations/{id}/messages/{message_id}", {
          params: { path: { id: conversation, message_id: message } },
        }),
      ),
    onSuccess: (_, message) => {
      cache.setQueryData<ThreadPages>(
        messageKeys.thread(conversation),
        (data) => data && blank(data, (each) => each.id === message),
      );
    },
  });
}

/** Reports that the bot misunderstood something that the contact said; a trainer will look at it. */
export function useReport(conversation: number) {
  return useMutation({
    meta: { reported: true },
    mutationFn: (seq: number) =>
      unwrap(api.POST("/api/v1/nlu/reviews", { body: { conversation_id: conversation, seq } })),
  });
}

function inOrder(data: ThreadPages): Message[] {
  const all = data.pages.toReversed().flatMap((page) => page.items);
  return [...new Map(all.map((message) => [message.id, message])).values()];
}
