/**
 * Keyboard shortcuts of one key.
 *
 * They sleep while somebody types, while a dialog is open, and when they are
 * switched off in the account's settings (WCAG 2.1.4).
 */
import { useEffect, useRef } from "react";

import { asBoolean, storedValue, useStored } from "./storedValue";

/** Whether shortcuts are on. */
export const hotkeysOn = storedValue("hotkeys", true, asBoolean);

/** What each key does; a key that is held down comes again and again, and the event says so. */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

/** Listens for the given keys while the component is shown. */
export function useHotkeys(keys: Hotkeys): void {
  const on = useStored(hotkeysOn);
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!on) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const action = isFree(event) ? current.current[event.key] : undefined;
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [on]);
}

function isFree(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
    return false;
  const target = event.target as HTMLElement | null;
  if (target?.closest("input, textarea, select, [contenteditable], [role=menu], [role=listbox]"))
    return false;
  return document.querySelector("[role=dialog]") === null;
}
