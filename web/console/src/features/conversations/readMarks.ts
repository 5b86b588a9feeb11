/** How far this browser has read each conversation; the server keeps no such mark for agents. */
import type { Conversation } from "../../api/types";
import { storedValue, useStored } from "../../lib/storedValue";

/** Enough for weeks of work; the oldest marks go first. */
const MARKS_MAX = 1_000;

type Mark = [conversation: number, seq: number];

const marks = storedValue<Mark[]>("read", [], (value) =>
  Array.isArray(value) ? (value as Mark[]) : undefined,
);

/** Notes that everything up to `seq` was seen. */
export function markRead(conversation: number, seq: number): void {
  const known = marks.get().find(([id]) => id === conversation)?.[1] ?? 0;
  if (known >= seq) return;
  const others = marks.get().filter(([id]) => id !== conversation);
  marks.set([...others, [conversation, seq] satisfies Mark].slice(-MARKS_MAX));
}

/** Tells of each conversation whether the contact said something that was not seen here. */
export function useUnread(): (conversation: Conversation) => boolean {
  const seen = new Map(useStored(marks));
  return ({ id, last_seq, last_message }) =>
    last_message?.sender_kind === "contact" && last_seq > (seen.get(id) ?? 0);
}
