import { type KeyboardEvent, useId, useState } from "react";

import { type Canned, cannedWord, findCanned } from "./canned";

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Drives the list of canned responses from the text field, which keeps the focus. */
export function useCannedChoice(text: string, all: Canned[], choose: (canned: Canned) => void) {
  const id = useId();
  const [index, setIndex] = useState(0);
  const [closedFor, setClosedFor] = useState<string>();
  const word = cannedWord(text);
  const open = word !== undefined && closedFor !== text;
  const items = open ? findCanned(all, word) : [];
  const chosen = Math.min(index, Math.max(0, items.length - 1));

  /** Takes the keys that belong to the list; tells whether it did. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return false;
    const canned = items[chosen];
    const step = STEPS[event.key];
    if (step !== undefined) setIndex((chosen + step + items.length) % Math.max(1, items.length));
    else if (event.key === "Escape") setClosedFor(text);
    else if (canned && (event.key === "Enter" || event.key === "Tab")) choose(canned);
    else return false;
    event.preventDefault();
    return true;
  };
  const field = open
    ? {
        "aria-controls": id,
        "aria-activedescendant": items[chosen] ? `${id}-${chosen}` : undefined,
      }
    : {};
  return { id, open, items, chosen, onKeyDown, field };
}
