/** Which conversations a list shows. The filters live in the URL. */
import type { Conversation, Status } from "../../api/types";

/** Whose conversations. */
export const VIEWS = ["mine", "unassigned", "all"] as const;

/** The states a list can be narrowed to. */
export const STATUSES = ["open", "snoozed", "bot", "resolved"] as const satisfies Status[];

/** What narrows a list. */
export type Filters = {
  view: (typeof VIEWS)[number];
  status: Status;
  inbox?: number | undefined;
};

/** The filters as the URL holds them: what is not there has its default. */
export type FilterSearch = { [Key in keyof Filters]?: Filters[Key] | undefined };

/**
 * Reads filters from a URL; whatever is strange becomes undefined.
 *
 * Every key is there: the router lays the result over the raw search, so a
 * key that were left out would come back unread.
 */
export function parseSearch(search: Record<string, unknown>): FilterSearch {
  const inbox = Number(search.inbox);
  return {
    view: VIEWS.find((each) => each === search.view),
    status: STATUSES.find((each) => each === search.status),
    inbox: Number.isSafeInteger(inbox) && inbox > 0 ? inbox : undefined,
  };
}

/** Completes filters with their defaults: everybody's open conversations. */
export function completeFilters({ view = "all", status = "open", inbox }: FilterSearch): Filters {
  return { view, status, ...(inbox && { inbox }) };
}

/** The filters as the API wants them. */
export function toQuery({ view, status, inbox }: Filters) {
  const assignee = { mine: "me", unassigned: "none", all: undefined }[view];
  return { status, ...(assignee && { assignee }), ...(inbox && { inbox }) };
}

/** Tells whether a conversation belongs in a list, as the server would. */
export function matches(filters: Filters, conversation: Conversation, me: number): boolean {
  if (conversation.status !== filters.status) return false;
  if (filters.inbox && conversation.inbox.id !== filters.inbox) return false;
  if (filters.view === "mine") return conversation.assignee?.id === me;
  return filters.view === "all" || !conversation.assignee;
}
