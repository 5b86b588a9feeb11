/** Nouns for tests, complete and typed; a test says only what matters to it. */
import type { Agent, Conversation, Me, Message } from "../src/api/types";

/** A fixed present, so that tests and pictures do not depend on the clock. */
export const NOW = Date.parse("2026-11-22T09:30:00.000Z");

/** The moment some minutes ago. */
export function ago(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString();
}

/** The signed-in agent of tests. */
export const ADA: Agent = {
  id: 101,
  name: "Ada",
  email: "ada@example.com",
  role: "owner",
  status: "active",
  availability: "online",
  created_at: ago(90_000),
};

/** Everything an owner may do. */
export const OWNER_PERMISSIONS = [
  "own_profile",
  "read_conversations",
  "write_conversations",
  "read_directory",
  "write_contacts",
  "write_library",
  "supervise",
  "administer",
  "integrate",
  "train",
];

/** Who is signed in. */
export function me(change: Partial<Me> = {}): Me {
  return {
    agent: ADA,
    account: {
      id: 1,
      name: "知明财富",
      language: "zh",
      time_zone: "Asia/Shanghai",
      created_at: ago(90_000),
    },
    permissions: OWNER_PERMISSIONS,
    ...change,
  };
}

/** An open conversation that nobody has. */
export function conversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: 9,
    inbox: { id: 1, name: "官网客服" },
    contact: { id: 501, name: "林小雨", verified: false },
    status: "open",
    priority: "none",
    assignee: null,
    team: null,
    tags: [],
    language: "zh",
    intent: null,
    mood: null,
    handoff: null,
    snoozed_until: null,
    last_seq: 1,
    last_message: { text: "你好", sender_kind: "contact", at: ago(1) },
    waiting_since: ago(1),
    rating: null,
    created_at: ago(5),
    updated_at: ago(1),
    resolved_at: null,
    revision: 1,
    ...change,
  };
}

/** Something the contact said. */
export function message(change: Partial<Message> = {}): Message {
  return {
    id: 1001,
    conversation_id: 9,
    seq: 1,
    kind: "text",
    sender: { kind: "contact", id: 501, name: "林小雨" },
    text: "你好",
    quick_replies: [],
    attachments: [],
    activity: null,
    target_seq: null,
    retracted: false,
    client_id: null,
    created_at: ago(1),
    ...change,
  };
}
