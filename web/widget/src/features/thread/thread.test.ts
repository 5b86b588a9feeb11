import type { VisitorConversation, VisitorInbox } from "@attune/shared/live";
import { describe, expect, test } from "vitest";

import { message } from "../../../test/parts.ts";
import { linesOf } from "./lines.ts";
import {
  after,
  asksForRating,
  EMPTY,
  greeting,
  type Happening,
  quickReplies,
  type Thread,
  unreadCount,
} from "./thread.ts";

const inbox: VisitorInbox = {
  name: "青禾财富",
  greeting: "您好",
  locale: "zh",
  bot_name: "小知",
  quick_replies: [{ title: "查询收益", value: "query_yield" }],
  online: true,
};
const conversation: VisitorConversation = { id: 9, status: "bot", assignee: null };
const mine = { kind: "contact", id: 1, name: null } as const;
const bot = { kind: "bot", id: null, name: null } as const;
const replies = [{ title: "是", value: "yes" }];

function thread(...happenings: Happening[]): Thread {
  return happenings.reduce(after, { ...EMPTY, inbox });
}
const arrived = (
  one: ReturnType<typeof message>,
  part: Partial<VisitorConversation> = {},
): Happening => ({
  type: "arrived",
  message: one,
  conversation: { ...conversation, ...part },
});
const said = (client_id: string, text = "你好"): Happening => ({
  type: "said",
  pending: {
    client_id,
    text,
    quick_reply: null,
    attachments: [],
    created_at: "2026-11-22T09:00:00.000Z",
    failed: null,
  },
});
const activity = (
  seq: number,
  code: "resolved" | "rated" | "reopened" | "retracted",
  target_seq: number | null = null,
) =>
  message(seq, {
    kind: "activity",
    activity: code,
    target_seq,
    sender: { kind: "system", id: null, name: null },
  });

describe("what was said", () => {
  test("moves from unconfirmed to its place when the acknowledgement arrives, and stays one when the message follows", () => {
    const acked = thread(said("a"), {
      type: "acked",
      ack: { type: "ack", client_id: "a", id: 101, seq: 1 },
    });
    const both = after(acked, arrived(message(1, { client_id: "a", sender: mine, text: "你好" })));

    expect(acked.messages.map(({ text }) => text)).toEqual(["你好"]);
    expect(both.messages.map(({ id }) => id)).toEqual([101]);
    expect(both.pending).toEqual([]);
  });

  test("is one also when the message comes before the acknowledgement", () => {
    const both = thread(said("a"), arrived(message(1, { client_id: "a", sender: mine })), {
      type: "acked",
      ack: { type: "ack", client_id: "a", id: 101, seq: 1 },
    });

    expect(both.messages).toHaveLength(1);
    expect(both.pending).toEqual([]);
  });

  test("keeps the reason of its refusal until it is tried again", () => {
    const refused = thread(said("a"), { type: "refused", client_id: "a", reason: "too long" });
    const retried = after(refused, { type: "retried", client_id: "a" });

    expect(refused.pending[0]?.failed).toBe("too long");
    expect(retried.pending[0]?.failed).toBeNull();
    expect(after(refused, { type: "discarded", client_id: "a" }).pending).toEqual([]);
  });
});

describe("the order", () => {
  test("is that of ids, whatever comes first", () => {
    const one = thread(arrived(message(2)), arrived(message(1)), arrived(message(3)));

    expect(one.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test("shows a retracted message as such, and no line for the retraction", () => {
    const one = thread(arrived(message(1)), arrived(activity(2, "retracted", 1)));

    expect(one.messages[0]).toMatchObject({ retracted: true, text: "" });
    expect(linesOf(one).map(({ type }) => type)).toEqual(["day", "group"]);
  });
});

describe("quick replies", () => {
  test("of an empty thread are the starters", () => {
    expect(quickReplies(thread())).toEqual(inbox.quick_replies);
  });

  test("are those of the last thing said, also when activities follow", () => {
    const one = thread(
      arrived(message(1, { quick_replies: replies })),
      arrived(activity(2, "reopened")),
    );

    expect(quickReplies(one)).toEqual(replies);
  });

  test.each<[string, Happening[]]>([
    ["an answer is on its way", [arrived(message(1, { quick_replies: replies })), said("a")]],
    [
      "the visitor has answered",
      [arrived(message(1, { quick_replies: replies })), arrived(message(2, { sender: mine }))],
    ],
    [
      "the conversation is resolved",
      [arrived(message(1, { quick_replies: replies }), { status: "resolved" })],
    ],
    [
      "the message was retracted",
      [arrived(message(1, { quick_replies: replies })), arrived(activity(2, "retracted", 1))],
    ],
  ])("are gone when %s", (_, happenings) => {
    expect(quickReplies(thread(...happenings))).toEqual([]);
  });
});

describe("the rating", () => {
  const resolved = arrived(activity(2, "resolved"), { status: "resolved" });

  test.each<[string, Happening[], boolean]>([
    ["resolved", [arrived(message(1)), resolved], true],
    ["not resolved", [arrived(message(1))], false],
    ["resolved and rated here", [arrived(message(1)), resolved, { type: "rated" }], false],
    [
      "resolved and rated elsewhere",
      [arrived(message(1)), resolved, arrived(activity(3, "rated"), { status: "resolved" })],
      false,
    ],
    [
      "resolved, rated, reopened and resolved",
      [
        resolved,
        { type: "rated" },
        arrived(activity(3, "reopened"), { status: "open" }),
        arrived(activity(4, "resolved"), { status: "resolved" }),
      ],
      true,
    ],
  ])("of a conversation that is %s is asked for: %#", (_, happenings, asked) => {
    expect(asksForRating(thread(...happenings))).toBe(asked);
  });
});

test("unread are the words of others after the last that was seen", () => {
  const one = thread(
    arrived(message(1)),
    arrived(message(2, { sender: mine })),
    arrived(message(3)),
    arrived(activity(4, "resolved")),
    arrived(message(5, { retracted: true })),
  );

  expect([0, 1, 3].map((seq) => unreadCount(one, seq))).toEqual([2, 1, 0]);
});

test("the greeting is not said twice", () => {
  expect(greeting(thread())).toBe("您好");
  expect(greeting(thread(arrived(message(1, { text: "你好呀" }))))).toBe("您好");
  expect(greeting(thread(arrived(message(1, { text: "您好 " }))))).toBeNull();
});

test("who writes stops writing when the words are there", () => {
  const typing: Happening = { type: "typing", sender: bot };

  expect(thread(typing).typing).toEqual(bot);
  expect(thread(typing, arrived(message(1))).typing).toBeNull();
  expect(thread(typing, arrived(message(1, { sender: mine }))).typing).toEqual(bot);
});

describe("the lines", () => {
  const at = (seq: number, created_at: string, part = {}) =>
    arrived(message(seq, { created_at, ...part }));

  test("put the greeting below the first day", () => {
    const lines = linesOf(thread(arrived(message(1))), "您好");

    expect(lines.map(({ type }) => type)).toEqual(["day", "greeting", "group"]);
  });

  test("join what one party says within five minutes", () => {
    const lines = linesOf(
      thread(
        at(1, "2026-11-22T09:00:00Z"),
        at(2, "2026-11-22T09:04:00Z"),
        at(3, "2026-11-22T09:10:00Z"),
        at(4, "2026-11-22T09:10:05Z", { sender: { kind: "agent", id: 7, name: "Ada" } }),
        at(5, "2026-11-22T09:10:06Z", { sender: { kind: "agent", id: 8, name: "Lin" } }),
      ),
    );

    expect(lines.map((line) => (line.type === "group" ? line.messages.length : line.type))).toEqual(
      ["day", 2, 1, 1, 1],
    );
  });

  test("begin each day with its name", () => {
    const lines = linesOf(
      thread(
        at(1, "2026-11-20T09:00:00"),
        at(2, "2026-11-21T09:00:00"),
        at(3, "2026-11-21T09:01:00"),
      ),
    );

    expect(lines.map(({ type }) => type)).toEqual(["day", "group", "day", "group"]);
  });

  test("end with what is not confirmed", () => {
    const [last] = linesOf(thread(arrived(message(1)), said("a"), said("b"))).slice(-1);

    expect(last).toMatchObject({
      mine: true,
      messages: [],
      pending: [{ client_id: "a" }, { client_id: "b" }],
    });
  });
});
