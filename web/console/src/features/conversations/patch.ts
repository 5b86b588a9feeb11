/**
 * How a changed conversation reaches every list and detail in the cache.
 *
 * Safe against doubled and late news: a conversation never goes back to an
 * earlier revision.
 */
import type { QueryClient } from "@tanstack/react-query";

import type { Conversation } from "../../api/types";
import { type Filters, matches } from "./filters";
import { conversationKeys } from "./keys";
import type { ConversationPages } from "./queries";

/** Tells whether `next` is older than what is `known`. */
export function isStale(known: Conversation | undefined, next: Conversation): boolean {
  return known !== undefined && next.revision < known.revision;
}

/** Shows a conversation as the server now has it, everywhere at once. */
export function putConversation(cache: QueryClient, next: Conversation, me: number): void {
  cache.setQueryData<Conversation>(conversationKeys.detail(next.id), (known) =>
    known && !isStale(known, next) ? keepComment(known, next) : known,
  );
  for (const [key, data] of cache.getQueriesData<ConversationPages>({
    queryKey: conversationKeys.lists,
  })) {
    const filters = key[2] as Filters;
    if (data) cache.setQueryData(key, patchList(data, next, matches(filters, next, me)));
  }
}

/** News tells the score of a rating and leaves out what was written with it. */
function keepComment(known: Conversation, next: Conversation): Conversation {
  const same = known.rating?.score === next.rating?.score;
  return same && next.rating?.comment == null ? { ...next, rating: known.rating } : next;
}

/** Puts a conversation into a list, moves it, or takes it out. */
export function patchList(
  data: ConversationPages,
  next: Conversation,
  belongs: boolean,
): ConversationPages {
  const known = data.pages.flatMap((page) => page.items).find((item) => item.id === next.id);
  if (isStale(known, next) || (!known && !belongs)) return data;
  if (known && belongs && !rises(known, next)) {
    return mapItems(data, (items) => items.map((item) => (item.id === next.id ? next : item)));
  }
  const without = mapItems(data, (items) => items.filter((item) => item.id !== next.id));
  return belongs ? prepend(without, next) : without;
}

/** Tells whether news lifts a conversation to the top: what the bot says does not. */
function rises(known: Conversation, next: Conversation): boolean {
  if (next.status === "bot") return false;
  return next.last_seq > known.last_seq || next.assignee?.id !== known.assignee?.id;
}

function prepend(data: ConversationPages, next: Conversation): ConversationPages {
  const [first, ...rest] = data.pages;
  if (!first) return data;
  return { ...data, pages: [{ ...first, items: [next, ...first.items] }, ...rest] };
}

function mapItems(
  data: ConversationPages,
  change: (items: Conversation[]) => Conversation[],
): ConversationPages {
  const pages = data.pages.map((page) => ({ ...page, items: change(page.items) }));
  return { ...data, pages };
}
