/** Whether the list of shortcuts is open. */
import { useSyncExternalStore } from "react";

let open = false;
const listeners = new Set<() => void>();

/** Opens the list of shortcuts. */
export function showHelp(): void {
  setHelp(true);
}

/** Opens or closes the list of shortcuts. */
export function setHelp(next: boolean): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Tells whether the list of shortcuts is open. */
export function useHelp(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
