/**
 * The thread as a value: what is known of the conversation, and how each thing that happens changes it.
 *
 * Pure functions only; the clock, the network and the screen are elsewhere.
 */
import type {
  Ack,
  Attachment,
  Message,
  QuickReply,
  Sender,
  VisitorConversation,
  VisitorInbox,
  VisitorWelcome,
} from "@attune/shared/live";

/** Something that the visitor has said and that is not confirmed. */
export interface Pending {
  client_id: string;
  text: string;
  quick_reply: string | null;
  attachments: Attachment[];
  created_at: string;
  /** Why the server refused it; `null` while it is on its way. */
  failed: string | null;
}

/** Everything that the screen shows of a conversation. */
export interface Thread {
  inbox: VisitorInbox | null;
  verified: boolean;
  conversation: (VisitorConversation & { rated: boolean }) | null;
  messages: readonly Message[];
  pending: readonly Pending[];
  typing: Sender | null;
}

/** What can happen to a thread. */
export type Happening =
  | { type: "welcomed"; welcome: VisitorWelcome }
  | { type: "arrived"; message: Message; conversation: VisitorConversation | null }
  /** A file of a message was found clean, or refused. */
  | { type: "scanned"; message: Message }
  | { type: "said"; pending: Pending }
  | { type: "acked"; ack: Ack }
  | { type: "refused"; client_id: string; reason: string }
  | { type: "retried"; client_id: string }
  | { type: "discarded"; client_id: string }
  | { type: "rated" }
  | { type: "typing"; sender: Sender | null }
  /** The messages come again from the start. */
  | { type: "reset" }
  /** Somebody else uses the device from now on. */
  | { type: "wiped" };

/** A thread of which nothing is known. */
export const EMPTY: Thread = {
  inbox: null,
  verified: false,
  conversation: null,
  messages: [],
  pending: [],
  typing: null,
};

/** The thread after something happened. */
export function after(thread: Thread, happening: Happening): Thread {
  switch (happening.type) {
    case "welcomed": {
      const { inbox, contact, conversation } = happening.welcome;
      return { ...thread, inbox, verified: contact.verified, conversation };
    }
    case "arrived":
      return arrived(thread, happening.message, happening.conversation);
    case "scanned":
      return { ...thread, messages: scanned(thread.messages, happening.message) };
    case "said":
      return { ...thread, pending: [...thread.pending, happening.pending] };
    case "acked":
      return acked(thread, happening.ack);
    case "refused":
      return mark(thread, happening.client_id, happening.reason);
    case "retried":
      return mark(thread, happening.client_id, null);
    case "discarded":
      return { ...thread, pending: without(thread.pending, happening.client_id) };
    case "rated":
      return {
        ...thread,
        conversation: thread.conversation && { ...thread.conversation, rated: true },
      };
    case "typing":
      return { ...thread, typing: happening.sender };
    case "reset":
      return { ...thread, messages: [], typing: null, conversation: null };
    case "wiped":
      return { ...EMPTY, inbox: thread.inbox };
  }
}

/** The replies to offer: the starters of an empty thread, or those of the last thing that was said. */
export function quickReplies(thread: Thread): readonly QuickReply[] {
  if (thread.pending.length > 0) return [];
  if (thread.messages.length === 0) return thread.inbox?.quick_replies ?? [];
  if (thread.conversation?.status === "resolved") return [];
  const latest = last(thread.messages, ({ kind }) => kind === "text");
  if (!latest || latest.sender.kind === "contact" || latest.retracted) return [];
  return latest.quick_replies;
}

/** Whether to ask how it was. */
export function asksForRating({ conversation }: Thread): boolean {
  return conversation?.status === "resolved" && !conversation.rated;
}

/** How many messages of others came after `seq`. */
export function unreadCount(thread: Thread, seq: number): number {
  return thread.messages.filter(
    (message) =>
      message.kind === "text" &&
      !message.retracted &&
      message.sender.kind !== "contact" &&
      message.conversation_id === thread.conversation?.id &&
      (message.seq ?? 0) > seq,
  ).length;
}

/** The last position in the current conversation. */
export function lastSeq(thread: Thread): number {
  const current = thread.conversation?.id;
  return last(thread.messages, ({ conversation_id }) => conversation_id === current)?.seq ?? 0;
}

/** The greeting, unless the thread already begins with it. */
export function greeting({ inbox, messages }: Thread): string | null {
  const text = inbox?.greeting.trim();
  if (!text) return null;
  const first = messages.find(({ kind }) => kind === "text");
  const said = first?.sender.kind !== "contact" && first?.text.trim() === text;
  return said ? null : text;
}

function arrived(thread: Thread, message: Message, news: VisitorConversation | null): Thread {
  const messages = insert(thread.messages, message);
  const next = news ?? thread.conversation;
  return {
    ...thread,
    messages: message.activity === "retracted" ? retract(messages, message) : messages,
    pending: message.client_id ? without(thread.pending, message.client_id) : thread.pending,
    conversation: next && { ...next, rated: isRated(thread, message, next.id) },
    typing: message.sender.kind === "contact" ? thread.typing : null,
  };
}

function isRated({ conversation }: Thread, { activity }: Message, id: number): boolean {
  if (activity === "rated") return true;
  if (activity === "reopened") return false;
  return conversation?.id === id && conversation.rated;
}

/** A confirmed send takes its place among the messages, until the server's own form of it arrives. */
function acked(thread: Thread, { client_id, id, seq }: Ack): Thread {
  const pending = thread.pending.find((one) => one.client_id === client_id);
  if (!pending) return thread;
  const message: Message = {
    id,
    seq,
    client_id,
    conversation_id: thread.conversation?.id ?? 0,
    kind: "text",
    sender: { kind: "contact", id: null, name: null },
    text: pending.text,
    quick_replies: [],
    attachments: pending.attachments,
    activity: null,
    target_seq: null,
    retracted: false,
    created_at: pending.created_at,
  };
  const known = thread.messages.some((one) => one.id === id);
  return {
    ...thread,
    messages: known ? thread.messages : insert(thread.messages, message),
    pending: without(thread.pending, client_id),
  };
}

/** The order of a thread is the order of ids. */
function insert(messages: readonly Message[], message: Message): Message[] {
  const others = messages.filter(({ id }) => id !== message.id);
  const at = others.findIndex(({ id }) => id > message.id);
  return at < 0 ? [...others, message] : [...others.slice(0, at), message, ...others.slice(at)];
}

/** What was taken back stays blank. */
function scanned(messages: readonly Message[], { id, attachments }: Message): Message[] {
  return messages.map((message) =>
    message.id === id && !message.retracted ? { ...message, attachments } : message,
  );
}

function retract(
  messages: readonly Message[],
  { target_seq, conversation_id }: Message,
): Message[] {
  return messages.map((message) =>
    message.seq === target_seq && message.conversation_id === conversation_id
      ? { ...message, retracted: true, text: "", attachments: [], quick_replies: [] }
      : message,
  );
}

/** As `findLast`, which browsers of 2021 lack. */
function last<T>(list: readonly T[], fits: (one: T) => boolean): T | undefined {
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const one = list[at] as T;
    if (fits(one)) return one;
  }
  return;
}

function mark(thread: Thread, client_id: string, failed: string | null): Thread {
  const pending = thread.pending.map((one) =>
    one.client_id === client_id ? { ...one, failed } : one,
  );
  return { ...thread, pending };
}

function without(pending: readonly Pending[], client_id: string): Pending[] {
  return pending.filter((one) => one.client_id !== client_id);
}
