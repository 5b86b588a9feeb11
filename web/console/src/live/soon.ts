import type { QueryClient, QueryKey } from "@tanstack/react-query";

const WAIT_MS = 1_000;

/**
 * Fetches things again, each at most once a second.
 *
 * On a busy day a hundred events a second change the counts; one question a
 * second is enough to show them.
 */
export class Soon {
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly cache: QueryClient) {}

  /** Fetches everything under `queryKey` again before long. */
  invalidate(queryKey: QueryKey): void {
    const name = JSON.stringify(queryKey);
    if (this.waiting.has(name)) return;
    this.waiting.set(
      name,
      setTimeout(() => {
        this.waiting.delete(name);
        this.cache.invalidateQueries({ queryKey });
      }, WAIT_MS),
    );
  }

  /** Forgets what it was about to do. */
  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }
}
