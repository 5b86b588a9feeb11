import { useState } from "react";

import { problemOf } from "../../api/client";
import type { ReviewItem } from "../../api/types";
import { type Choice, useDecide } from "./queries";

/** Which decisions were made here, by item, and when it had been said last. */
type Decided = ReadonlyMap<number, string>;

/** Which item the trainer looks at, and where in the list it stands. */
type Place = { id: number; at: number };

/**
 * The items that still wait, and the one that the trainer looks at.
 *
 * A decision takes its item off the list at once and the next one takes its
 * place, so that the same key, pressed again, is for that one. If the server
 * cannot be reached the item comes back. What comes into the queue meanwhile
 * does not move the trainer to another item.
 */
export function useQueue(items: readonly ReviewItem[]) {
  const { mutateAsync } = useDecide();
  const [decided, setDecided] = useState<Decided>(new Map());
  const [place, setPlace] = useState<Place>();
  // Somebody may report what was decided: said again since, it is shown again.
  const waiting = items.filter((item) => decided.get(item.id) !== item.last_seen_at);
  const at = whereOf(place, waiting);
  const selected = waiting[at];
  if (selected && (selected.id !== place?.id || at !== place.at)) setPlace({ id: selected.id, at });

  const choose = (id: number) => setPlace({ id, at });
  const walk = (step: number) => {
    const next = waiting[at + step];
    if (next) choose(next.id);
  };
  const decide = ({ id, last_seen_at }: ReviewItem, choice: Choice) => {
    setDecided((before) => new Map(before).set(id, last_seen_at));
    mutateAsync({ id, ...choice }).catch((error: Error) => {
      if (!isSettled(error)) setDecided((before) => without(before, id));
    });
  };
  return { waiting, selected, choose, walk, decide };
}

/** Where the trainer is: at the same item, or, if that is gone, at the same place. */
function whereOf(place: Place | undefined, waiting: readonly ReviewItem[]): number {
  const at = waiting.findIndex(({ id }) => id === place?.id);
  return at === -1 ? Math.max(0, Math.min(place?.at ?? 0, waiting.length - 1)) : at;
}

/** Whether an item left the queue all the same: somebody else decided it, or its message was taken back. */
function isSettled(error: Error): boolean {
  const status = problemOf(error)?.problem.status;
  return status === 404 || status === 409;
}

function without(decided: Decided, id: number): Decided {
  const rest = new Map(decided);
  rest.delete(id);
  return rest;
}
