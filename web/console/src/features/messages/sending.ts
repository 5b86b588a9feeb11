/**
 * Sending messages and notes.
 *
 * What is on its way lives in the mutation cache until the server has it, so
 * it survives a change of conversation; a repeated send keeps its `client_id`
 * and can therefore not double. While the network is down it is sent again and
 * again, and what was written later waits for it: the order stays.
 */
import {
  type Mutation,
  type QueryClient,
  useMutationState,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Attachment, Message } from "../../api/types";
import { newClientId } from "../../lib/clientId";
import { insist } from "./insist";
import { messageKeys } from "./keys";
import type { ThreadPages } from "./patch";
import { putMessage } from "./patch";

/** Something written: a message for the contact or a note for colleagues. */
export type Draft = { kind: "text" | "note"; text: string; attachments: Attachment[] };

/** A draft on its way. */
export type Outgoing = Draft & { client_id: string };

/** An outgoing draft that the thread shows, with the way to try again when it failed. */
export type Pending = Outgoing & { error: Error | null; retry: () => void; discard: () => void };

/** Returns what sends a draft. */
export function useSend(conversation: number): (draft: Draft) => void {
  const cache = useQueryClient();
  return (draft) => start(cache, conversation, { ...draft, client_id: newClientId() });
}

/** What is on its way or failed, oldest first. */
export function usePending(conversation: number): Pending[] {
  const cache = useQueryClient();
  return useMutationState({
    filters: {
      mutationKey: messageKeys.send(conversation),
      predicate: (mutation) => mutation.state.status !== "success",
    },
    select: (mutation) => {
      const outgoing = mutation.state.variables as Outgoing;
      const discard = () => cache.getMutationCache().remove(mutation as Mutation);
      const retry = () => {
        discard();
        start(cache, conversation, outgoing);
      };
      return { ...outgoing, error: mutation.state.error, retry, discard };
    },
  });
}

function start(cache: QueryClient, conversation: number, outgoing: Outgoing): void {
  const mutation = cache.getMutationCache().build<Message, Error, Outgoing, unknown>(cache, {
    mutationKey: messageKeys.send(conversation),
    mutationFn: (draft) => insist((signal) => post(conversation, draft, signal)),
    scope: { id: `send ${conversation}` },
    networkMode: "always",
    gcTime: Number.POSITIVE_INFINITY,
    onSuccess: (message) => {
      cache.setQueryData<ThreadPages>(
        messageKeys.thread(conversation),
        (data) => data && putMessage(data, message),
      );
      cache.getMutationCache().remove(mutation as unknown as Mutation);
    },
  });
  // The failure is kept in the mutation's state, where the thread shows it.
  mutation.execute(outgoing).catch(() => undefined);
}

function post(
  conversation: number,
  { kind, client_id, text, attachments }: Outgoing,
  signal: AbortSignal,
) {
  const params = { path: { id: conversation } };
  if (kind === "note") {
    return unwrap(
      api.POST("/api/v1/conversations/{id}/notes", { params, signal, body: { client_id, text } }),
    );
  }
  const ids = attachments.map((attachment) => attachment.id);
  return unwrap(
    api.POST("/api/v1/conversations/{id}/messages", {
      params,
      signal,
      body: { client_id, text, ...(ids.length > 0 && { attachments: ids }) },
    }),
  );
}
