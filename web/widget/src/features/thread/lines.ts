/**
 * Turns a thread into the lines that the screen shows: days, groups of what one person said in a row,
 * and activities. Pure, so that the arrangement is tested without a screen.
 */
import type { Message } from "@attune/shared/live";

import type { Pending, Thread } from "./thread.ts";

const GROUP_MS_MAX = 5 * 60_000;

/** What one party said in a row. */
export interface Group {
  type: "group";
  key: string;
  mine: boolean;
  kind: Message["sender"]["kind"];
  name: string | null;
  messages: Message[];
  pending: Pending[];
}

/** A line of the thread. */
export type Line =
  | { type: "day"; key: string; at: Date }
  | { type: "greeting"; key: string; text: string }
  | { type: "activity"; key: string; message: Message }
  | Group;

/** The lines of a thread, oldest first; `greeting` takes its place below the first day. */
export function linesOf(thread: Thread, greeting: string | null = null): Line[] {
  const lines: Line[] = [];
  let day = "";
  let before: Message | null = null;
  for (const message of thread.messages) {
    if (message.activity === "retracted" || message.kind === "note") continue;
    const at = new Date(message.created_at);
    if (dayKey(at) !== day) {
      day = dayKey(at);
      lines.push({ type: "day", key: `day-${day}-${message.id}`, at });
      if (greeting !== null && lines.length === 1) lines.push(greetingLine(greeting));
      before = null;
    }
    if (message.kind === "activity") {
      lines.push({ type: "activity", key: `activity-${message.id}`, message });
      before = null;
      continue;
    }
    const last = lines[lines.length - 1];
    if (before && last?.type === "group" && continues(before, message)) last.messages.push(message);
    else lines.push(groupOf(message));
    before = message;
  }
  if (greeting !== null && lines.length === 0) lines.push(greetingLine(greeting));
  return withPending(lines, thread.pending);
}

function greetingLine(text: string): Line {
  return { type: "greeting", key: "greeting", text };
}

/** A day as a key, in the visitor's own time zone. */
export function dayKey(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

function withPending(lines: Line[], pending: readonly Pending[]): Line[] {
  if (pending.length === 0) return lines;
  const last = lines[lines.length - 1];
  if (last?.type === "group" && last.mine) {
    last.pending.push(...pending);
    return lines;
  }
  const [first] = pending;
  const key = `pending-${first?.client_id}`;
  lines.push({
    type: "group",
    key,
    mine: true,
    kind: "contact",
    name: null,
    messages: [],
    pending: [...pending],
  });
  return lines;
}

function groupOf(message: Message): Group {
  const { sender, client_id, id } = message;
  return {
    type: "group",
    key: `group-${client_id ?? id}`,
    mine: sender.kind === "contact",
    kind: sender.kind,
    name: sender.name,
    messages: [message],
    pending: [],
  };
}

function continues(before: Message, message: Message): boolean {
  const same =
    before.sender.kind === message.sender.kind &&
    before.sender.id === message.sender.id &&
    before.conversation_id === message.conversation_id;
  return same && Date.parse(message.created_at) - Date.parse(before.created_at) < GROUP_MS_MAX;
}
