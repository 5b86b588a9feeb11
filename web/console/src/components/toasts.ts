/** The short news on show. At most three; the oldest makes room. */
import { useSyncExternalStore } from "react";

/** One piece of short news. */
export type Toast = { id: number; tone: "ok" | "danger"; text: string };

const SHOWN_MAX = 3;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Shows short news for a few seconds. */
export function toast(text: string, tone: Toast["tone"] = "ok"): void {
  lastId += 1;
  publish([...toasts, { id: lastId, tone, text }].slice(-SHOWN_MAX));
}

/** Takes one piece of news away. */
export function dismissToast(id: number): void {
  publish(toasts.filter((each) => each.id !== id));
}

/** The news on show. */
export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
