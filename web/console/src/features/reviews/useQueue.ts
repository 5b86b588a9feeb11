import { useState } from "react";

import { problemOf } from "../../api/client";
import type { ReviewItem } from "../../api/types";
import { type Choice, useDecide } from "./queries";

/** Which decisions were made here, by item, and when it had been said last. */
type Decided = ReadonlyMap<number, string>;

/**
 * The items that still wait, and the one that the trainer looks at.
 *
 * A decision takes its item off the list at once and the next one takes its
 * place, so that the same key, pressed again, is for that one. If the server
 * cannot be reached the item comes back.
 */
export function useQueue(items: readonly ReviewItem[]) {
  const { mutateAsync } = useDecide();
  const [decided, setDecided] = useState<Decided>(new Map());
  const [chosen, choose] = useState<number>();
  // Somebody may report what was decided: said again since, it is shown again.
  const waiting = items.filter((item) => decided.get(item.id) !== item.last_seen_at);
  const at = Math.max(
    0,
    waiting.findIndex(({ id }) => id === chosen),
  );
  const selected = waiting[at];

  const walk = (step: number) => {
    const next = waiting[at + step];
    if (next) choose(next.id);
  };
  const decide = ({ id, last_seen_at }: ReviewItem, choice: Choice) => {
    setDecided((before) => new Map(before).set(id, last_seen_at));
    if (id === selected?.id) choose((waiting[at + 1] ?? waiting[at - 1])?.id);
    mutateAsync({ id, ...choice }).catch((error: Error) => {
      if (!isSettled(error)) setDecided((before) => without(before, id));
    });
  };
  return { waiting, selected, choose, walk, decide };
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
