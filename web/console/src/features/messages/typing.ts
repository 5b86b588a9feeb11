/** Who is writing now: a passing fact that lives in the cache for a few seconds. */
import { type QueryClient, queryOptions, skipToken } from "@tanstack/react-query";

import { messageKeys } from "./keys";

const SHOWN_MS = 6_000;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Whether the contact of a conversation is writing. */
export function typingQuery(conversation: number) {
  return queryOptions<boolean>({
    queryKey: messageKeys.typing(conversation),
    queryFn: skipToken,
    initialData: false,
    gcTime: SHOWN_MS,
  });
}

/** Shows for a few seconds that the contact is writing. */
export function showTyping(cache: QueryClient, conversation: number): void {
  cache.setQueryData(messageKeys.typing(conversation), true);
  clearTimeout(timers.get(conversation));
  timers.set(
    conversation,
    setTimeout(() => hideTyping(cache, conversation), SHOWN_MS),
  );
}

/** Stops showing it: the message is here. */
export function hideTyping(cache: QueryClient, conversation: number): void {
  clearTimeout(timers.get(conversation));
  timers.delete(conversation);
  if (cache.getQueryData(messageKeys.typing(conversation)))
    cache.setQueryData(messageKeys.typing(conversation), false);
}
