import { beforeEach, describe, expect, test } from "vitest";

import type { Message, VisitorSend } from "../src/live/frames.ts";
import { backoff_ms, type LinkState } from "../src/live/link.ts";
import { type VisitorListener, VisitorLive } from "../src/live/visitor.ts";
import { World } from "./world.ts";

function welcome(conversation: object | null = null) {
  return {
    type: "welcome",
    token: "t1",
    inbox: {
      name: "示例",
      greeting: "您好",
      locale: "zh",
      bot_name: "小知",
      quick_replies: [],
      online: true,
    },
    contact: { name: null, verified: false },
    conversation,
  };
}

function created(
  seq: number,
  {
    conversation_id = 9,
    client_id = null as string | null,
    files = [] as string[],
    type = "message.created",
  } = {},
) {
  return {
    specversion: "1.0",
    id: `1/${seq}`,
    source: "/accounts/1",
    type,
    time: "2026-11-22T09:00:00.000Z",
    data: {
      message: {
        id: conversation_id * 1_000 + seq,
        conversation_id,
        seq,
        kind: "text",
        sender: { kind: client_id ? "contact" : "bot", id: null, name: "小知" },
        text: `message ${seq}`,
        client_id,
        attachments: files.map((state, n) => ({ id: seq * 10 + n, name: "a.png", state })),
        created_at: "2026-11-22T09:00:00.000Z",
      },
      conversation: { id: conversation_id, status: "bot", assignee: null },
    },
  };
}

const at = (last_seq: number, id = 9) => ({
  id,
  status: "bot",
  last_seq,
  rated: false,
  assignee: null,
});
const say = (client_id: string): VisitorSend => ({ type: "send", client_id, text: client_id });

let world: World;
let live: VisitorLive;
let seen: number[];
let scanned: [number, string[]][];
let states: LinkState[];
let calls: string[];
let unconfirmed: string[];

beforeEach(() => {
  world = new World();
  seen = [];
  scanned = [];
  states = [];
  calls = [];
  unconfirmed = [];
  const listener: VisitorListener = {
    state: (state) => states.push(state),
    welcome: ({ token }) => calls.push(`welcome ${token}`),
    message: ({ seq }: Message) => seen.push(seq ?? 0),
    scanned: ({ seq, attachments }) =>
      scanned.push([seq ?? 0, attachments.map(({ state }) => state)]),
    acked: ({ client_id }) => calls.push(`acked ${client_id}`),
    problem: (client_id, { code }) => calls.push(`problem ${client_id} ${code}`),
    typing: ({ name }) => calls.push(`typing ${name}`),
    reset: () => {
      calls.push("reset");
      seen = [];
    },
    outbox: (frames) => {
      unconfirmed = frames.map((frame) => frame.client_id);
    },
  };
  const hello = () => ({ inbox: "key", token: null, identity: null, locale: "zh" as const });
  live = new VisitorLive("ws://test/", world, hello, listener);
});

function connect(conversation: object | null = null) {
  live.start();
  world.socket.open();
  world.socket.deliver(welcome(conversation));
}

/** Turns the clock until the next connection, and welcomes it. */
function reconnect(conversation: object | null) {
  const state = states.at(-1);
  if (state?.phase !== "waiting") throw new Error(`no reconnect is due: ${state?.phase}`);
  world.advance(state.retry_in_ms);
  world.socket.open();
  world.socket.deliver(welcome(conversation));
}

const phase = () => states.at(-1)?.phase;
const sentOf = (type: string) => world.socket.sent.filter((frame) => frame.type === type);

describe("hello", () => {
  test("is the first frame and names inbox, position and language", () => {
    connect();

    expect(world.socket.sent[0]).toEqual({ type: "hello", inbox: "key", after: 0, locale: "zh" });
    expect(phase()).toBe("online");
  });

  test("is said again with the last position after a cut", () => {
    connect(at(2));
    world.socket.deliver(created(1));
    world.socket.deliver(created(2));

    world.socket.cut();
    reconnect(at(2));

    expect(world.socket.sent[0]).toMatchObject({ type: "hello", after: 2 });
  });
});

describe("the thread", () => {
  test("shows each message once, in order", () => {
    connect(at(0));

    for (const seq of [1, 2, 2, 1, 3]) world.socket.deliver(created(seq));

    expect(seen).toEqual([1, 2, 3]);
  });

  test("resumes when it sees a gap, and shows nothing beyond it before it is filled", () => {
    connect(at(0));
    world.socket.deliver(created(1));
    world.socket.deliver(created(3));
    expect(seen).toEqual([1]);

    reconnect(at(3));
    expect(world.socket.sent[0]).toMatchObject({ after: 1 });
    world.socket.deliver(created(2));
    world.socket.deliver(created(3));

    expect(seen).toEqual([1, 2, 3]);
  });

  test("tells what a scanner found out about a file, and nothing of messages to come", () => {
    connect(at(0));
    world.socket.deliver(created(1, { files: ["scanning", "scanning"] }));

    for (const files of [
      ["clean", "scanning"],
      ["clean", "refused"],
    ])
      world.socket.deliver(created(1, { type: "message.scanned", files }));
    world.socket.deliver(created(2, { type: "message.scanned", files: ["clean"] }));

    expect(seen).toEqual([1]);
    expect(scanned).toEqual([
      [1, ["clean", "scanning"]],
      [1, ["clean", "refused"]],
    ]);
  });

  test("asks again for what was being scanned when it was cut off", () => {
    connect(at(0));
    world.socket.deliver(created(1));
    world.socket.deliver(created(2, { files: ["scanning"] }));
    world.socket.deliver(created(3));

    world.socket.cut();
    reconnect(at(4));
    expect(world.socket.sent[0]).toMatchObject({ after: 1 });
    world.socket.deliver(created(2, { files: ["refused"] }));
    world.socket.deliver(created(3));
    world.socket.deliver(created(4));
    world.socket.cut();
    reconnect(at(4));

    expect(seen).toEqual([1, 2, 3, 4]);
    expect(scanned).toEqual([[2, ["refused"]]]);
    expect(world.socket.sent[0]).toMatchObject({ after: 4 });
  });

  test("takes nothing from a socket that it has left", () => {
    connect(at(0));
    const left = world.socket;
    left.cut();
    reconnect(at(0));

    left.onmessage?.({ data: JSON.stringify(created(1)) });

    expect(seen).toEqual([]);
  });

  test("starts over when the server asks for it", () => {
    connect(at(1));
    world.socket.deliver(created(1));
    world.socket.deliver({ type: "resync_required" });

    reconnect(at(1));

    expect(calls).toContain("reset");
    expect(world.socket.sent[0]).toMatchObject({ after: 0 });
  });

  test("starts over when the server knows less than we do", () => {
    connect(at(2));
    world.socket.deliver(created(1));
    world.socket.deliver(created(2));
    world.socket.cut();

    reconnect(at(1));

    expect(calls).toContain("reset");
    world.socket.open();
    expect(world.socket.sent[0]).toMatchObject({ after: 0 });
  });

  test("goes on with the next conversation from its first message", () => {
    connect(at(0));
    world.socket.deliver(created(1));

    world.socket.deliver(created(1, { conversation_id: 10 }));
    world.socket.deliver(created(2, { conversation_id: 10 }));

    expect(seen).toEqual([1, 1, 2]);
  });

  test("survives frames that make no sense", () => {
    connect(at(0));

    for (const frame of ["", "{", "null", "[]", '{"type":"surprise"}', '{"specversion":"1.0"}']) {
      world.socket.deliver(frame);
    }
    world.socket.deliver(created(1));

    expect(seen).toEqual([1]);
  });
});

describe("a send", () => {
  test("waits for the connection", () => {
    live.send(say("a"));
    expect(unconfirmed).toEqual(["a"]);

    connect();

    expect(sentOf("send")).toMatchObject([{ client_id: "a" }]);
  });

  test("is repeated with the same client_id until it is confirmed", () => {
    connect();
    live.send(say("a"));
    world.socket.cut();

    reconnect(null);
    expect(sentOf("send")).toMatchObject([{ client_id: "a" }]);
    world.socket.deliver({ type: "ack", client_id: "a", id: 1, seq: 1 });
    world.socket.cut();
    reconnect(at(1));

    expect(sentOf("send")).toEqual([]);
    expect(unconfirmed).toEqual([]);
  });

  test("is confirmed by its own message when the acknowledgement is lost", () => {
    connect();
    live.send(say("a"));

    world.socket.deliver(created(1, { client_id: "a" }));

    expect(unconfirmed).toEqual([]);
  });

  test("keeps its place: the next goes out when this one is confirmed", () => {
    connect();
    live.send(say("a"));
    live.send(say("b"));
    expect(sentOf("send")).toMatchObject([{ client_id: "a" }]);

    world.socket.deliver({ type: "ack", client_id: "a", id: 1, seq: 1 });

    expect(sentOf("send")).toMatchObject([{ client_id: "a" }, { client_id: "b" }]);
  });

  test("waits as long as the server asks", () => {
    connect();
    live.send(say("a"));
    world.socket.deliver({ type: "slow_down", client_id: "a", retry_after_ms: 2_000 });

    world.advance(1_999);
    expect(sentOf("send")).toHaveLength(1);
    world.advance(1);

    expect(sentOf("send")).toMatchObject([{ client_id: "a" }, { client_id: "a" }]);
  });

  test("that is refused leaves the way free", () => {
    connect();
    live.send(say("a"));
    live.send(say("b"));

    world.socket.deliver({
      type: "problem",
      client_id: "a",
      problem: { code: "too-long", status: 422 },
    });

    expect(calls).toContain("problem a too-long");
    expect(sentOf("send").at(-1)).toMatchObject({ client_id: "b" });
  });

  test("without an answer for ten seconds brings a new connection", () => {
    connect();
    live.send(say("a"));

    world.advance(10_000);
    reconnect(null);

    expect(sentOf("send")).toMatchObject([{ client_id: "a" }]);
  });

  test("acknowledged without an echo is not taken for a gap", () => {
    connect(at(0));
    live.send(say("a"));
    world.socket.deliver({ type: "ack", client_id: "a", id: 1, seq: 1 });

    world.socket.deliver(created(2));

    expect(seen).toEqual([2]);
    expect(world.sockets).toHaveLength(1);
  });
});

describe("the connection", () => {
  test("backs off: longer each time, with a cap, never in step", () => {
    expect([0, 1, 2, 3].map((attempt) => backoff_ms(attempt, 0.5))).toEqual([375, 750, 1500, 3000]);
    expect(backoff_ms(50, 0.999)).toBeLessThanOrEqual(30_000);
    expect(backoff_ms(3, 0)).not.toBe(backoff_ms(3, 0.9));
    expect(backoff_ms(0, 0, 5_000)).toBe(5_000);
  });

  test("does not start from the shortest wait when the server welcomes and hangs up", () => {
    connect();
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      world.socket.cut();
      const state = states.at(-1);
      if (state?.phase === "waiting") waits.push(state.retry_in_ms);
      world.advance(state?.phase === "waiting" ? state.retry_in_ms : 0);
      world.socket.open();
      world.socket.deliver(welcome());
    }

    expect(waits).toEqual([375, 750, 1500, 3000]);
  });

  test("waits for the network, and returns with it at once", () => {
    connect();
    world.setOnline(false);
    expect(phase()).toBe("offline");

    world.setOnline(true);

    expect(world.sockets).toHaveLength(2);
    expect(phase()).toBe("connecting");
  });

  test("notices silence: a ping without an answer is the end", () => {
    connect();
    world.advance(25_000);
    expect(sentOf("ping")).toHaveLength(1);

    world.advance(10_000);

    expect(phase()).toBe("waiting");
  });

  test("lives on while pings are answered", () => {
    connect();
    for (let round = 0; round < 10; round += 1) {
      world.advance(25_000);
      world.socket.deliver({ type: "pong" });
    }

    expect(world.sockets).toHaveLength(1);
    expect(phase()).toBe("online");
  });

  test("gives up on a server that does not welcome us", () => {
    live.start();
    world.socket.open();

    world.advance(10_000);

    expect(phase()).toBe("waiting");
  });

  test("stops when it is not allowed", () => {
    connect();
    world.socket.cut(4401);

    world.advance(600_000);

    expect(phase()).toBe("refused");
    expect(world.sockets).toHaveLength(1);
  });

  test("can be introduced again after a refusal", () => {
    connect();
    world.socket.cut(4401);

    live.reintroduce();

    expect(world.sockets).toHaveLength(2);
  });

  test("survives a browser that refuses to open sockets", () => {
    world.refuseSockets = true;
    live.start();
    expect(phase()).toBe("waiting");

    world.refuseSockets = false;
    world.advance(1_000);

    expect(phase()).toBe("connecting");
  });

  test("skips the wait when a person asks", () => {
    connect();
    world.socket.cut();

    live.poke();

    expect(phase()).toBe("connecting");
  });

  test("leaves no timer behind", () => {
    connect();
    live.send(say("a"));

    live.stop();

    expect(world.waits).toBe(false);
    expect(phase()).toBe("idle");
  });
});

test("typing is told at most every three seconds", () => {
  connect();

  live.typing();
  live.typing();
  world.advance(3_000);
  live.typing();

  expect(sentOf("typing")).toHaveLength(2);
});
