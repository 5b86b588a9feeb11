/**
 * The frames that travel on Attune's two WebSockets, as types, and the visitor's frames as a parser.
 *
 * Whatever a socket delivers is untrusted until `parseVisitorFrame` or `parseAgentFrame` has read it.
 * Frames of an unknown type are skipped, so that an older page keeps working with a newer server.
 * This module opens no socket and holds no state.
 */

/** The languages that Attune speaks. */
export type Locale = "zh" | "en";

/** Who said something. */
export interface Sender {
  kind: "contact" | "agent" | "bot" | "system";
  id: number | null;
  name: string | null;
}

/** A ready answer that a visitor may press instead of typing. */
export interface QuickReply {
  title: string;
  value: string;
}

/** Whether a file can be fetched: not before it was scanned, yes, or never. */
export type AttachmentState = "scanning" | "clean" | "refused";

/** A file that belongs to a message; its bytes are fetched by id. */
export interface Attachment {
  id: number;
  name: string;
  content_type: string;
  size: number;
  state: AttachmentState;
  width: number | null;
  height: number | null;
}

/** What an activity line reports. */
export type ActivityCode =
  | "handed_off"
  | "assigned"
  | "resolved"
  | "reopened"
  | "rated"
  | "out_of_hours"
  | "retracted";

/** One entry of a conversation's thread. `seq` is `null` only for notes, which no visitor sees. */
export interface Message {
  id: number;
  conversation_id: number;
  seq: number | null;
  kind: "text" | "activity" | "note";
  sender: Sender;
  text: string;
  quick_replies: QuickReply[];
  attachments: Attachment[];
  activity: ActivityCode | null;
  target_seq: number | null;
  retracted: boolean;
  client_id: string | null;
  created_at: string;
}

/** The state of a conversation. */
export type ConversationStatus = "bot" | "open" | "snoozed" | "resolved";

/** A person named beside a conversation. */
export interface Named {
  id: number;
  name: string;
}

/** What a visitor learns about the conversation with each message. */
export interface VisitorConversation {
  id: number;
  status: ConversationStatus;
  assignee: Named | null;
}

/** The conversation as `welcome` tells it. */
export interface WelcomeConversation extends VisitorConversation {
  last_seq: number;
  rated: boolean;
}

/** The inbox as a visitor sees it. */
export interface VisitorInbox {
  name: string;
  greeting: string;
  locale: Locale;
  bot_name: string;
  quick_replies: QuickReply[];
  online: boolean;
}

/** An RFC 9457 problem document. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
  errors?: { pointer: string; detail: string }[];
}

/** The first answer to a visitor's `hello`. */
export interface VisitorWelcome {
  type: "welcome";
  token: string;
  inbox: VisitorInbox;
  contact: { name: string | null; verified: boolean };
  conversation: WelcomeConversation | null;
}

/** Confirms that a send is stored for good. */
export interface Ack {
  type: "ack";
  client_id: string;
  id: number;
  seq: number | null;
}

/** A message that reached the visitor's thread. */
export interface MessageCreated {
  type: "message.created";
  message: Message;
  conversation: VisitorConversation | null;
}

/** A file of a message was found clean, or refused. */
export interface MessageScanned {
  type: "message.scanned";
  message: Message;
}

/** Every frame that a visitor's page understands, after parsing. */
export type VisitorFrame =
  | VisitorWelcome
  | MessageCreated
  | MessageScanned
  | Ack
  | { type: "problem"; client_id: string | null; problem: Problem }
  | { type: "slow_down"; client_id: string; retry_after_ms: number }
  | { type: "typing"; sender: Sender }
  | { type: "pong" }
  | { type: "resync_required" };

/** What a visitor sends and wants confirmed. */
export type VisitorSend =
  | {
      type: "send";
      client_id: string;
      text: string;
      quick_reply?: string;
      attachments?: number[];
    }
  | { type: "rate"; client_id: string; score: number; comment?: string };

/** An event of the account's log (CloudEvents 1.0), as an agent's page receives it. */
export interface LogEvent<Data = Record<string, unknown>> {
  specversion: "1.0";
  id: string;
  source: string;
  type: string;
  subject?: string;
  time: string;
  data: Data & { cursor: number };
}

/** Every frame that an agent's page understands, after parsing. */
export type AgentFrame =
  | { type: "welcome"; cursor: number; agent: Record<string, unknown> }
  | { type: "event"; event: LogEvent }
  | { type: "typing"; conversation_id: number; sender: Sender }
  | { type: "problem"; problem: Problem }
  | { type: "pong" }
  | { type: "resync_required" };

type Fields = Record<string, unknown>;

/** Reads one frame of the visitor's socket, or returns nothing when it is not understood. */
export function parseVisitorFrame(text: string): VisitorFrame | undefined {
  const frame = fieldsOf(text);
  if (!frame) return;
  if (frame.specversion === "1.0") return messageEvent(frame);
  switch (frame.type) {
    case "welcome":
      return welcome(frame);
    case "ack":
      if (typeof frame.client_id !== "string") return;
      return {
        type: "ack",
        client_id: frame.client_id,
        id: integer(frame.id) ?? 0,
        seq: integer(frame.seq),
      };
    case "problem":
      return {
        type: "problem",
        client_id: string(frame.client_id),
        problem: problem(frame.problem),
      };
    case "slow_down":
      if (typeof frame.client_id !== "string") return;
      return {
        type: "slow_down",
        client_id: frame.client_id,
        retry_after_ms: Math.max(0, integer(frame.retry_after_ms) ?? 1_000),
      };
    case "typing":
      return { type: "typing", sender: sender(frame.sender) };
    case "pong":
    case "resync_required":
      return { type: frame.type };
    default:
      return;
  }
}

/** Reads one frame of the agent's socket, or returns nothing when it is not understood. */
export function parseAgentFrame(text: string): AgentFrame | undefined {
  const frame = fieldsOf(text);
  if (!frame) return;
  if (frame.specversion === "1.0") {
    const data = fields(frame.data);
    if (typeof frame.type !== "string" || integer(data.cursor) === null) return;
    return { type: "event", event: frame as unknown as LogEvent };
  }
  switch (frame.type) {
    case "welcome":
      return { type: "welcome", cursor: integer(frame.cursor) ?? 0, agent: fields(frame.agent) };
    case "typing": {
      const conversation_id = integer(frame.conversation_id);
      if (conversation_id === null) return;
      return { type: "typing", conversation_id, sender: sender(frame.sender) };
    }
    case "problem":
      return { type: "problem", problem: problem(frame.problem) };
    case "pong":
    case "resync_required":
      return { type: frame.type };
    default:
      return;
  }
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return;
  }
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function string(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function integer(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function locale(value: unknown): Locale {
  return value === "en" ? "en" : "zh";
}

const SENDER_KINDS = ["contact", "agent", "bot", "system"] as const;
const ATTACHMENT_STATES = ["scanning", "clean", "refused"] as const;
const STATUSES = ["bot", "open", "snoozed", "resolved"] as const;

function oneOf<T extends string>(values: readonly T[], value: unknown, otherwise: T): T {
  return values.find((one) => one === value) ?? otherwise;
}

function sender(value: unknown): Sender {
  const { kind, id, name } = fields(value);
  return { kind: oneOf(SENDER_KINDS, kind, "system"), id: integer(id), name: string(name) };
}

function quickReplies(value: unknown): QuickReply[] {
  return list(value).flatMap(({ title, value }) =>
    typeof title === "string" && typeof value === "string" ? [{ title, value }] : [],
  );
}

function attachments(value: unknown): Attachment[] {
  return list(value).flatMap(({ id, name, content_type, size, state, width, height }) => {
    const number = integer(id);
    if (number === null) return [];
    return [
      {
        id: number,
        name: string(name) ?? "",
        content_type: string(content_type) ?? "application/octet-stream",
        size: integer(size) ?? 0,
        state: oneOf(ATTACHMENT_STATES, state, "clean"),
        width: integer(width),
        height: integer(height),
      },
    ];
  });
}

function named(value: unknown): Named | null {
  const { id, name } = fields(value);
  const number = integer(id);
  return number === null ? null : { id: number, name: string(name) ?? "" };
}

function visitorConversation(value: unknown): VisitorConversation | null {
  const { id, status, assignee } = fields(value);
  const number = integer(id);
  if (number === null) return null;
  return { id: number, status: oneOf(STATUSES, status, "bot"), assignee: named(assignee) };
}

function welcome(frame: Fields): VisitorWelcome | undefined {
  const token = string(frame.token);
  if (token === null) return;
  const inbox = fields(frame.inbox);
  const contact = fields(frame.contact);
  const conversation = visitorConversation(frame.conversation);
  const { last_seq, rated } = fields(frame.conversation);
  return {
    type: "welcome",
    token,
    inbox: {
      name: string(inbox.name) ?? "",
      greeting: string(inbox.greeting) ?? "",
      locale: locale(inbox.locale),
      bot_name: string(inbox.bot_name) ?? "",
      quick_replies: quickReplies(inbox.quick_replies),
      online: inbox.online === true,
    },
    contact: { name: string(contact.name), verified: contact.verified === true },
    conversation: conversation && {
      ...conversation,
      last_seq: integer(last_seq) ?? 0,
      rated: rated === true,
    },
  };
}

function messageEvent(frame: Fields): MessageCreated | MessageScanned | undefined {
  if (frame.type !== "message.created" && frame.type !== "message.scanned") return;
  const data = fields(frame.data);
  const parsed = message(data.message);
  if (!parsed) return;
  if (frame.type === "message.scanned") return { type: frame.type, message: parsed };
  return {
    type: "message.created",
    message: parsed,
    conversation: visitorConversation(data.conversation),
  };
}

function message(value: unknown): Message | undefined {
  const raw = fields(value);
  const id = integer(raw.id);
  const conversation_id = integer(raw.conversation_id);
  if (id === null || conversation_id === null) return;
  return {
    id,
    conversation_id,
    seq: integer(raw.seq),
    kind: oneOf(["text", "activity", "note"] as const, raw.kind, "text"),
    sender: sender(raw.sender),
    text: string(raw.text) ?? "",
    quick_replies: quickReplies(raw.quick_replies),
    attachments: attachments(raw.attachments),
    activity: string(raw.activity) as ActivityCode | null,
    target_seq: integer(raw.target_seq),
    retracted: raw.retracted === true,
    client_id: string(raw.client_id),
    created_at: string(raw.created_at) ?? "",
  };
}

function problem(value: unknown): Problem {
  const raw = fields(value);
  return {
    ...raw,
    type: string(raw.type) ?? "about:blank",
    title: string(raw.title) ?? "",
    status: integer(raw.status) ?? 0,
  };
}
