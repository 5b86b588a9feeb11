/** How the messages of a thread stand together. */
import type { Message } from "../../api/types";
import { sameDay } from "../../lib/time";

const TOGETHER_MS = 3 * 60_000;

/** Tells whether a message goes on where the same sender's last one ended. */
export function goesOn(before: Message | undefined, message: Message): boolean {
  return (
    before?.kind === "text" &&
    message.kind === "text" &&
    before.sender.kind === message.sender.kind &&
    before.sender.id === message.sender.id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < TOGETHER_MS
  );
}

/** Tells whether a message is the first of its day. */
export function startsDay(before: Message | undefined, message: Message): boolean {
  return !before || !sameDay(new Date(before.created_at), new Date(message.created_at));
}
