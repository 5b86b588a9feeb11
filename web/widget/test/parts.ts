/** Ready-made values and a session on a world that stands still, for tests. */
import type { FromWidget } from "@attune/shared/bridge";
import type { Message, VisitorConversation } from "@attune/shared/live";

import { World } from "../../shared/test/world.ts";
import { Session } from "../src/features/session/session.ts";
import { type Area, createStorage, memoryArea } from "../src/features/session/storage.ts";

/** A message of the bot unless told otherwise. */
export function message(seq: number, part: Partial<Message> = {}): Message {
  return {
    id: 100 + seq,
    conversation_id: 9,
    seq,
    kind: "text",
    sender: { kind: "bot", id: null, name: null },
    text: `message ${seq}`,
    quick_replies: [],
    attachments: [],
    activity: null,
    target_seq: null,
    retracted: false,
    client_id: null,
    created_at: "2026-11-22T09:00:00.000Z",
    ...part,
  };
}

/** The frame that carries a message. */
export function created(one: Message, conversation: Partial<VisitorConversation> = {}): object {
  return {
    specversion: "1.0",
    type: "message.created",
    data: {
      message: one,
      conversation: { id: one.conversation_id, status: "bot", assignee: null, ...conversation },
    },
  };
}

/** The frame that tells what a scanner found out. */
export function scanned(one: Message): object {
  return { ...created(one), type: "message.scanned" };
}

/** The server's welcome. */
export function welcome(part: object = {}): object {
  return {
    type: "welcome",
    token: "token-1",
    inbox: {
      name: "青禾财富",
      greeting: "您好",
      locale: "zh",
      bot_name: "小知",
      quick_replies: [{ title: "查询收益", value: "query_yield" }],
      online: true,
    },
    contact: { name: null, verified: false },
    conversation: null,
    ...part,
  };
}

/** What a tab is made of: storage of its browser, storage of its own, and what it told its page. */
export interface Tab {
  world: World;
  session: Session;
  announced: FromWidget[];
  ended: string[];
  shared: Area;
  own: Area;
}

/** Opens a tab on an inbox; tabs with the same `shared` are of one browser. */
export function openTab({ inbox = "key", shared = memoryArea(), own = memoryArea() } = {}): Tab {
  const world = new World();
  const announced: FromWidget[] = [];
  const ended: string[] = [];
  let clients = 0;
  const session = new Session({
    inbox,
    locale: "zh",
    liveUrl: "ws://test/",
    environment: Object.assign(world, {
      now: () => new Date("2026-11-22T09:00:00.000Z"),
      newClientId: () => {
        clients += 1;
        return `client-${clients}`;
      },
    }),
    storage: createStorage(inbox, shared, own, window),
    announce: (one) => announced.push(one),
    endToken: async (token) => ended.push(token),
  });
  return { world, session, announced, ended, shared, own };
}

/** Connects a tab and lets the server welcome it. */
export function connect({ world, session }: Tab, part: object = {}): void {
  session.start();
  greet(world, part);
}

/** The server welcomes the newest connection. */
export function greet(world: World, part: object = {}): void {
  world.socket.open();
  world.socket.deliver(welcome(part));
}

/** What another tab's storage event brings to this one. */
export function tellStorage(inbox = "key"): void {
  window.dispatchEvent(new StorageEvent("storage", { key: `attune:${inbox}` }));
}
