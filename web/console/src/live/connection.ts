/** How the live connection stands, and the way to say that one is writing. */
import type { LinkState } from "@attune/shared/live";
import { createContext, useContext, useSyncExternalStore } from "react";

let state: LinkState = { phase: "idle" };
const listeners = new Set<() => void>();

/** Takes note of how the connection stands. */
export function setConnection(next: LinkState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** How the connection stands. */
export function useConnection(): LinkState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** What components may ask of the connection. */
export type LiveActions = { typing: (conversation: number) => void; retry: () => void };

/** Gives components the live connection. */
export const LiveContext = createContext<LiveActions>({ typing() {}, retry() {} });

/** The live connection. */
export function useLiveActions(): LiveActions {
  return useContext(LiveContext);
}
