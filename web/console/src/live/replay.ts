/**
 * Keeps an answer that is on its way from undoing newer news.
 *
 * A list that is being fetched shows the moment when the server read it. An
 * event that arrives meanwhile may be newer than that, so events are kept
 * while something is fetched and applied again on top of each answer.
 */
import type { QueryClient } from "@tanstack/react-query";

import { conversationKeys } from "../features/conversations/keys";
import { messageKeys } from "../features/messages/keys";
import type { DeskEvent } from "./event";

/** More than a fetch ever meets; beyond it the oldest are left to the next fetch. */
const KEPT_MAX = 1_000;

const WATCHED = new Set<unknown>([conversationKeys.all[0], messageKeys.all[0]]);

/** The events that arrived while something was fetched. */
export class Replay {
  private kept: DeskEvent[] = [];
  private readonly unsubscribe: () => void;

  constructor(
    private readonly cache: QueryClient,
    private readonly apply: (event: DeskEvent) => void,
  ) {
    this.unsubscribe = cache.getQueryCache().subscribe((change) => {
      if (change.type !== "updated" || !WATCHED.has(change.query.queryKey[0])) return;
      const { action } = change;
      if (action.type === "success" && !action.manual) this.again();
    });
  }

  /** Keeps an event if an answer is on its way that may not know of it. */
  keep(event: DeskEvent): void {
    if (this.isFetching()) this.kept = [...this.kept, event].slice(-KEPT_MAX);
  }

  /** Ends watching. */
  stop(): void {
    this.unsubscribe();
  }

  private again(): void {
    const events = this.kept;
    if (!this.isFetching()) this.kept = [];
    for (const event of events) this.apply(event);
  }

  private isFetching(): boolean {
    return this.cache.isFetching({ predicate: ({ queryKey }) => WATCHED.has(queryKey[0]) }) > 0;
  }
}
