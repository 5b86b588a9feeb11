/** Cache keys of conversations, from general to specific, so that a prefix invalidates a family. */
import type { Filters } from "./filters";

export const conversationKeys = {
  all: ["conversations"] as const,
  lists: ["conversations", "list"] as const,
  list: (filters: Filters) => ["conversations", "list", filters] as const,
  counts: ["conversations", "counts"] as const,
  details: ["conversations", "detail"] as const,
  detail: (id: number) => ["conversations", "detail", id] as const,
};
