// @vitest-environment node
/** The live connection over real sockets, against a server whose lines lose, double and swap frames. */
import { type Message, type Socket, VisitorLive } from "@attune/shared/live";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";

import { seeded } from "../../shared/test/world.ts";
import { MockServer } from "./mock-server.ts";

const SENDS = 25;
const HASTE = 200;
let server: MockServer;
let live: VisitorLive;

afterEach(async () => {
  live.stop();
  await server.close();
});

/** Sockets are real; time runs two hundred times as fast, so that no test waits for the clock. */
function hurried(random: () => number) {
  return {
    openSocket: (url: string) => new WebSocket(url) as unknown as Socket,
    setTimer: (task: () => void, delay_ms: number) => setTimeout(task, delay_ms / HASTE),
    clearTimer: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
    now_ms: () => performance.now() * HASTE,
    random,
    isOnline: () => true,
    watchNetwork: () => () => undefined,
  };
}

test.each([1, 2, 3, 4, 5])(
  "over faulty lines (seed %i) nothing is missing and nothing is twice",
  async (seed) => {
    const random = seeded(seed);
    server = new MockServer({ random, onMessage: (thread) => void thread.bot("好的") });
    server.faults = { lose: 0.05, double: 0.1, swap: 0.05, cut: 0.04, slow: 0.1 };
    const origin = await server.listen();
    let token: string | null = null;
    const received = new Map<number, Message>();
    const order: number[] = [];
    const acked = new Map<number, string>();
    let check = () => {};
    const complete = new Promise<void>((resolve) => {
      check = () => {
        const thread = server.threads.get(token ?? "");
        const stored = thread?.messages.length ?? 0;
        const held = new Set([...received.keys(), ...acked.keys()]);
        if (stored === SENDS * 2 && held.size === stored) resolve();
      };
    });
    live = new VisitorLive(
      `${origin.replace("http", "ws")}/api/v1/visitor/live`,
      hurried(random),
      () => ({ inbox: "key", token, identity: null, locale: "zh" }),
      {
        state: () => undefined,
        welcome: (welcome) => {
          token = welcome.token;
        },
        message: (message) => {
          received.set(message.seq ?? 0, message);
          order.push(message.seq ?? 0);
          check();
        },
        acked: ({ client_id, seq }) => {
          acked.set(seq ?? 0, client_id);
          check();
        },
        problem: () => undefined,
        scanned: () => undefined,
        typing: () => undefined,
        reset: () => {
          received.clear();
          order.length = 0;
        },
        outbox: (frames) => {
          if (frames.length > 0) return;
          server.faults = { lose: 0, double: 0.1, swap: 0, cut: 0, slow: 0 };
          server.cutAll();
        },
      },
    );

    live.start();
    for (let n = 0; n < SENDS; n += 1)
      live.send({ type: "send", client_id: `s${n}`, text: `第 ${n} 句` });
    await complete;

    const thread = server.threads.get(token ?? "");
    expect([...(thread?.sends.keys() ?? [])]).toEqual(
      Array.from({ length: SENDS }, (_, n) => `s${n}`),
    );
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
    expect(server.connections).toBeGreaterThan(1);
  },
  30_000,
);
