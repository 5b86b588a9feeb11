import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ADA, ago, conversation, message } from "../../test/fixtures";
import type { Conversation, Message, Page } from "../api/types";
import type { Filters } from "../features/conversations/filters";
import { conversationKeys } from "../features/conversations/keys";
import type { ConversationPages } from "../features/conversations/queries";
import { messageKeys } from "../features/messages/keys";
import type { ThreadPages } from "../features/messages/patch";
import type { DeskEvent, EventData } from "./event";
import { LiveCache } from "./live";

const OPEN: Filters = { view: "all", status: "open" };
const MINE: Filters = { view: "mine", status: "open" };
const UNASSIGNED: Filters = { view: "unassigned", status: "open" };
const RESOLVED: Filters = { view: "all", status: "resolved" };

let cache: QueryClient;
let live: LiveCache;
let cursor: number;

beforeEach(() => {
  vi.useFakeTimers();
  cache = new QueryClient();
  live = new LiveCache(cache, ADA.id);
  cursor = 0;
});
afterEach(() => {
  live.stop();
  cache.clear();
  vi.useRealTimers();
});

function event(type: string, data: EventData): DeskEvent {
  cursor += 1;
  return {
    specversion: "1.0",
    id: `1/${cursor}`,
    source: "/accounts/1",
    type,
    time: ago(0),
    data: { ...data, cursor },
  };
}

function list(filters: Filters, first: Conversation[] = [], ...others: Conversation[][]): void {
  const pages = [first, ...others];
  cache.setQueryData<ConversationPages>(conversationKeys.list(filters), {
    pages: pages.map((items, index) => ({ items, next: index < pages.length - 1 ? "more" : null })),
    pageParams: pages.map((_, index) => (index === 0 ? undefined : "more")),
  });
}

function ids(filters: Filters): number[] {
  const data = cache.getQueryData<ConversationPages>(conversationKeys.list(filters));
  return data?.pages.flatMap((page) => page.items.map((item) => item.id)) ?? [];
}

function thread(...items: Message[]): void {
  cache.setQueryData<ThreadPages>(messageKeys.thread(9), {
    pages: [{ items, next: null }],
    pageParams: [undefined],
  });
}

function said(): Message[] {
  return (
    cache.getQueryData<ThreadPages>(messageKeys.thread(9))?.pages.flatMap((p) => p.items) ?? []
  );
}

const invalid = (key: readonly unknown[]) => cache.getQueryState(key)?.isInvalidated;

describe("a conversation", () => {
  test("enters every list that it belongs in, and no other", () => {
    list(OPEN);
    list(UNASSIGNED);
    list(MINE);
    list(RESOLVED);

    live.apply(event("conversation.handed_off", { conversation: conversation() }));

    expect([OPEN, UNASSIGNED, MINE, RESOLVED].map(ids)).toEqual([[9], [9], [], []]);
  });

  test("leaves a list when it belongs there no more", () => {
    list(OPEN, [conversation({ id: 8 })], [conversation()]);
    list(RESOLVED);

    live.apply(
      event("conversation.resolved", {
        conversation: conversation({ status: "resolved", revision: 2 }),
      }),
    );

    expect([OPEN, RESOLVED].map(ids)).toEqual([[8], [9]]);
  });

  test("rises with a new message", () => {
    list(OPEN, [conversation({ id: 8 })], [conversation()]);

    live.apply(
      event("message.created", { conversation: conversation({ last_seq: 2, revision: 2 }) }),
    );

    expect(ids(OPEN)).toEqual([9, 8]);
  });

  test("keeps its place when it was only tagged", () => {
    list(OPEN, [conversation({ id: 8 }), conversation()]);
    const tags = [{ id: 1, name: "VIP", color: "#c47a06" }];

    live.apply(event("conversation.tagged", { conversation: conversation({ tags, revision: 2 }) }));

    const data = cache.getQueryData<ConversationPages>(conversationKeys.list(OPEN));
    expect(ids(OPEN)).toEqual([8, 9]);
    expect(data?.pages[0]?.items[1]?.tags).toEqual(tags);
  });

  test("keeps its place while the bot talks", () => {
    const bot: Filters = { view: "all", status: "bot" };
    list(bot, [conversation({ id: 8, status: "bot" }), conversation({ status: "bot" })]);

    live.apply(
      event("message.created", {
        conversation: conversation({ status: "bot", last_seq: 7, revision: 2 }),
      }),
    );

    expect(ids(bot)).toEqual([8, 9]);
  });

  test("never goes back a revision, not even after it left every list", () => {
    list(OPEN, [conversation({ revision: 4 })]);
    cache.setQueryData(conversationKeys.detail(9), conversation({ revision: 4 }));
    const resolved = conversation({ status: "resolved", revision: 6 });

    live.apply(event("conversation.resolved", { conversation: resolved }));
    live.apply(event("conversation.assigned", { conversation: conversation({ revision: 5 }) }));

    expect(ids(OPEN)).toEqual([]);
    expect(cache.getQueryData(conversationKeys.detail(9))).toEqual(resolved);
  });

  test("stands in a list once, however often the news comes", () => {
    list(OPEN);
    const twice = event("conversation.opened", { conversation: conversation() });

    live.apply(twice);
    live.apply(twice);

    expect(ids(OPEN)).toEqual([9]);
  });

  test("that was rated is asked for what was written, and keeps it through later news", () => {
    const key = conversationKeys.detail(9);
    const written = { score: 5, comment: "quick and clear" };
    cache.setQueryData(key, conversation());
    const rated = { rating: { score: 5, comment: null } };
    live.apply(
      event("conversation.rated", { conversation: conversation({ ...rated, revision: 2 }) }),
    );
    vi.advanceTimersByTime(1_000);
    expect(invalid(key)).toBe(true);

    cache.setQueryData(key, conversation({ rating: written, revision: 2 }));
    live.apply(
      event("conversation.tagged", { conversation: conversation({ ...rated, revision: 3 }) }),
    );

    const known = cache.getQueryData<Conversation>(key);
    expect([known?.revision, known?.rating]).toEqual([3, written]);
  });

  test("has its counts asked for once for many events", () => {
    cache.setQueryData(conversationKeys.counts, {});
    const invalidate = vi.spyOn(cache, "invalidateQueries");

    for (let revision = 1; revision <= 50; revision += 1)
      live.apply(event("conversation.assigned", { conversation: conversation({ revision }) }));
    vi.advanceTimersByTime(1_500);

    expect(invalidate).toHaveBeenCalledTimes(1);
    expect(invalid(conversationKeys.counts)).toBe(true);
  });
});

describe("a message", () => {
  const first = message({ id: 10, seq: 1 });

  test("joins its thread at the end", () => {
    thread(first);

    live.apply(event("message.created", { message: message({ id: 11, seq: 2 }) }));

    expect(said().map(({ id }) => id)).toEqual([10, 11]);
  });

  test("that arrives twice stands there once", () => {
    thread(first);
    const twice = event("message.created", { message: message({ id: 11, seq: 2 }) });

    live.apply(twice);
    live.apply(twice);

    expect(said().map(({ id }) => id)).toEqual([10, 11]);
  });

  test("that arrives late finds its place", () => {
    thread(first);

    live.apply(event("message.created", { message: message({ id: 12, seq: 3 }) }));
    live.apply(event("message.created", { message: message({ id: 11, seq: 2 }) }));

    expect(said().map(({ id }) => id)).toEqual([10, 11, 12]);
  });

  test("after a lost one has the thread fetched again", () => {
    thread(first);

    live.apply(event("message.created", { message: message({ id: 12, seq: 3 }) }));
    vi.advanceTimersByTime(1_500);

    expect(invalid(messageKeys.thread(9))).toBe(true);
  });

  test("in its turn fetches nothing", () => {
    thread(first);

    live.apply(event("message.created", { message: message({ id: 11, seq: 2 }) }));
    vi.advanceTimersByTime(1_500);

    expect(invalid(messageKeys.thread(9))).toBe(false);
  });

  test("of a thread that nobody has open is not kept", () => {
    live.apply(event("message.created", { message: message() }));

    expect(cache.getQueryCache().findAll({ queryKey: messageKeys.all })).toEqual([]);
  });

  test("that was taken back is blank, and stays so when its copy comes late", () => {
    thread(first);
    const second = message({ id: 11, seq: 2, text: "oops" });
    live.apply(event("message.created", { message: second }));

    live.apply(
      event("message.retracted", {
        message: message({
          id: 12,
          seq: 3,
          kind: "activity",
          activity: "retracted",
          target_seq: 2,
        }),
      }),
    );
    live.apply(event("message.created", { message: second }));

    expect(said().map(({ id, text, retracted }) => [id, text, retracted])).toEqual([
      [10, "你好", false],
      [11, "", true],
      [12, "你好", false],
    ]);
  });

  test("whose file was scanned shows the verdict, and keeps it when an older copy comes late", () => {
    thread(first);
    const file = {
      id: 71,
      name: "a.pdf",
      content_type: "application/pdf",
      size: 9,
      width: null,
      height: null,
    };
    const second = (state: "scanning" | "refused") =>
      message({ id: 11, seq: 2, attachments: [{ ...file, state }] });
    live.apply(event("message.created", { message: second("scanning") }));

    live.apply(event("message.scanned", { message: second("refused") }));
    live.apply(event("message.created", { message: second("scanning") }));

    expect(said().map(({ attachments }) => attachments.map(({ state }) => state))).toEqual([
      [],
      ["refused"],
    ]);
    expect(invalid(messageKeys.thread(9))).toBe(false);
  });

  test("of a part of the thread that is not loaded stays away", () => {
    cache.setQueryData<ThreadPages>(messageKeys.thread(9), {
      pages: [{ items: [message({ id: 60, seq: 51 })], next: "51" }],
      pageParams: [undefined],
    });

    live.apply(
      event("message.retracted", { message: message({ id: 11, seq: 2, retracted: true }) }),
    );

    expect(said().map(({ seq }) => seq)).toEqual([51]);
  });

  test("of colleagues leaves no gap", () => {
    thread(first);

    live.apply(event("note.created", { message: message({ id: 11, seq: null, kind: "note" }) }));
    vi.advanceTimersByTime(1_500);

    expect(said().map(({ kind }) => kind)).toEqual(["text", "note"]);
    expect(invalid(messageKeys.thread(9))).toBe(false);
  });
});

test.each([
  ["agent.updated", ["agents"]],
  ["team.updated", ["teams"]],
  ["tag.updated", ["tags"]],
  ["canned_response.updated", ["canned-responses"]],
  ["webhook.updated", ["webhooks"]],
  ["contact.updated", ["contacts", 501]],
])("%s has %j fetched again", (type, key) => {
  cache.setQueryData(key, []);

  live.apply(event(type, {}));
  vi.advanceTimersByTime(1_500);

  expect(invalid(key)).toBe(true);
});

test("an event of an unknown type changes nothing", () => {
  list(OPEN, [conversation()]);

  live.apply(event("constellation.aligned", {}));
  vi.advanceTimersByTime(1_500);

  expect(ids(OPEN)).toEqual([9]);
});

test("after events were missed, everything on the screen is fetched again", () => {
  list(OPEN, [conversation()]);
  thread(message());

  live.refetch();

  expect(invalid(conversationKeys.list(OPEN))).toBe(true);
  expect(invalid(messageKeys.thread(9))).toBe(true);
});

test("an answer that was on its way does not undo what happened meanwhile", async () => {
  let answer: (page: Page<Conversation>) => void = () => undefined;
  const answered = new Promise<Page<Conversation>>((resolve) => {
    answer = resolve;
  });
  const fetching = cache.fetchInfiniteQuery({
    queryKey: conversationKeys.list(OPEN),
    queryFn: () => answered,
    initialPageParam: undefined,
  });
  live.apply(event("conversation.opened", { conversation: conversation() }));
  live.apply(
    event("conversation.resolved", {
      conversation: conversation({ id: 8, status: "resolved", revision: 5 }),
    }),
  );

  answer({ items: [conversation({ id: 8 }), conversation({ id: 7 })], next: null });
  await fetching;

  expect(ids(OPEN)).toEqual([9, 7]);
});

test("any order and any doubling of the same news ends in the same cache", () => {
  const news = Array.from({ length: 8 }, (_, n) => ({
    conversation: conversation({ last_seq: n + 2, revision: n + 2 }),
    message: message({ id: 20 + n, seq: n + 2 }),
  }));
  const random = seeded(7);

  for (let round = 0; round < 200; round += 1) {
    const cacheOfRound = new QueryClient();
    cache = cacheOfRound;
    live = new LiveCache(cacheOfRound, ADA.id);
    list(OPEN, [conversation({ id: 8 }), conversation()]);
    thread(message({ id: 10, seq: 1 }));
    const faulty = [...news, ...news.filter(() => random() < 0.5)]
      .map((data) => ({ data, at: random() }))
      .sort((a, b) => a.at - b.at);

    for (const { data } of faulty) live.apply(event("message.created", data));

    expect(ids(OPEN)).toEqual([9, 8]);
    expect(said().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    live.stop();
    cacheOfRound.clear();
  }
});

/** A small random generator, so that a failing round can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
