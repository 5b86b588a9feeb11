/** When an agent should look up: somebody waits for them or for anybody. */
import { asBoolean, storedValue } from "../lib/storedValue";
import type { DeskEvent } from "./event";

/** Whether somebody who waits is heard. */
export const soundOn = storedValue("sound", true, asBoolean);

/** Tells whether an event means that somebody waits for `me` or for anybody. */
export function callsFor(event: DeskEvent, me: number): boolean {
  const { conversation, message } = event.data;
  if (conversation?.status !== "open") return false;
  const concerns = !conversation.assignee || conversation.assignee.id === me;
  if (!concerns) return false;
  if (event.type === "message.created") return message?.sender.kind === "contact";
  return event.type === "conversation.handed_off" || event.type === "conversation.opened";
}
