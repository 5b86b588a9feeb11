/** What people do with a conversation. Each action shows its result everywhere at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Conversation, Priority } from "../../api/types";
import { conversationKeys } from "./keys";
import { putConversation } from "./patch";

/** Where a conversation goes on: with the agent who asks, or with the bot. */
export type ReopenTo = "me" | "bot";

/** Who takes a conversation over. */
export type TransferTo = { agent_id?: number; team_id?: number; note?: string };

const REPORTED = { reported: true };
const SHOWN_IN_PLACE = { reported: false };

/** The actions of one conversation, for the agent `me`. */
export function useConversationActions(id: number, me: number) {
  const path = { path: { id } };
  return {
    assign: useAction(me, (agent: number | null) => assign(id, agent)),
    transfer: useAction(
      me,
      (body: TransferTo) =>
        unwrap(api.POST("/api/v1/conversations/{id}/transfer", { params: path, body })),
      // Its dialog shows the reason itself.
      SHOWN_IN_PLACE,
    ),
    snooze: useAction(me, (until: string | null) =>
      unwrap(api.POST("/api/v1/conversations/{id}/snooze", { params: path, body: { until } })),
    ),
    resolve: useAction(me, () =>
      unwrap(api.POST("/api/v1/conversations/{id}/resolve", { params: path })),
    ),
    reopen: useAction(me, (to: ReopenTo) => reopen(id, me, to)),
    prioritise: useAction(me, (priority: Priority) =>
      unwrap(api.PUT("/api/v1/conversations/{id}/priority", { params: path, body: { priority } })),
    ),
    tag: useAction(me, (tags: number[]) =>
      unwrap(api.PUT("/api/v1/conversations/{id}/tags", { params: path, body: { tags } })),
    ),
  };
}

/** Takes a conversation over; whoever calls shows the reason when that is impossible. */
export function useTake(id: number, me: number) {
  return useAction(me, () => assign(id, me), SHOWN_IN_PLACE);
}

/** The actions of one conversation. */
export type ConversationActions = ReturnType<typeof useConversationActions>;

function assign(id: number, agent_id: number | null): Promise<Conversation> {
  return unwrap(
    api.POST("/api/v1/conversations/{id}/assign", { params: { path: { id } }, body: { agent_id } }),
  );
}

async function reopen(id: number, me: number, to: ReopenTo): Promise<Conversation> {
  const params = { path: { id } };
  const reopened = await unwrap(
    api.POST("/api/v1/conversations/{id}/reopen", {
      params,
      body: { to: to === "me" ? "open" : "bot" },
    }),
  );
  if (to === "bot" || reopened.assignee?.id === me) return reopened;
  return assign(id, me);
}

function useAction<Input>(
  me: number,
  call: (input: Input) => Promise<Conversation>,
  meta = REPORTED,
) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: call,
    meta,
    onSuccess: (conversation) => {
      putConversation(cache, conversation, me);
      return cache.invalidateQueries({ queryKey: conversationKeys.counts });
    },
  });
}
