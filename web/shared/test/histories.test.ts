import { expect, test } from "vitest";

import type { Message } from "../src/live/frames.ts";
import { VisitorLive } from "../src/live/visitor.ts";
import { type FakeSocket, seeded, World } from "./world.ts";

const HISTORIES = 300;
const SENDS = 25;

/** A server that stores each client_id once, answers each send, and whose line loses, doubles and swaps frames. */
class Server {
  readonly thread: object[] = [];
  readonly stored = new Map<string, { id: number; seq: number }>();
  faults = true;

  constructor(private readonly random: () => number) {}

  accept(socket: FakeSocket): void {
    let welcomed = false;
    let held: object | null = null;
    const deliver = (frame: object) => {
      const dice = this.faults ? this.random() : 1;
      if (dice < 0.04) return;
      if (dice < 0.06) return socket.cut();
      if (dice < 0.12) {
        held = frame;
        return;
      }
      socket.deliver(frame);
      if (dice < 0.18) socket.deliver(frame);
      if (held) socket.deliver(held);
      held = null;
    };
    socket.onsent = (frame) => {
      if (this.faults && this.random() < 0.05) return socket.cut();
      if (frame.type === "hello") {
        welcomed = true;
        socket.deliver({
          type: "welcome",
          token: "t",
          inbox: {},
          contact: {},
          conversation: this.thread.length
            ? { id: 1, status: "bot", last_seq: this.thread.length, rated: false }
            : null,
        });
        for (const event of this.thread.slice(frame.after as number)) deliver(event);
      } else if (frame.type === "ping") {
        socket.deliver({ type: "pong" });
      } else if (frame.type === "send" && welcomed) {
        this.receive(frame.client_id as string, deliver);
      }
    };
  }

  private receive(client_id: string, deliver: (frame: object) => void): void {
    if (this.faults && this.random() < 0.08) {
      deliver({ type: "slow_down", client_id, retry_after_ms: 50 });
      return;
    }
    const known = this.stored.get(client_id);
    if (known) {
      deliver({ type: "ack", client_id, ...known });
      return;
    }
    const event = this.append(client_id);
    const seq = this.thread.length;
    this.stored.set(client_id, { id: seq, seq });
    deliver({ type: "ack", client_id, id: seq, seq });
    deliver(event);
    deliver(this.append(null));
  }

  private append(client_id: string | null): object {
    const seq = this.thread.length + 1;
    const message = {
      id: seq,
      conversation_id: 1,
      seq,
      kind: "text",
      sender: { kind: client_id ? "contact" : "bot" },
      text: client_id ?? "ok",
      client_id,
    };
    const event = {
      specversion: "1.0",
      type: "message.created",
      data: { message, conversation: { id: 1, status: "bot" } },
    };
    this.thread.push(event);
    return event;
  }
}

test(`in ${HISTORIES} histories of lost, doubled and swapped frames nothing is missing and nothing is twice`, () => {
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const random = seeded(seed);
    const world = new World(random);
    const server = new Server(random);
    const received: Message[] = [];
    const acked = new Map<number, string>();
    world.onsocket = (socket) => {
      server.accept(socket);
      world.setTimer(() => socket.open(), 1);
    };
    const live = new VisitorLive(
      "ws://test/",
      world,
      () => ({ inbox: "key", token: null, identity: null, locale: "zh" }),
      {
        state: () => undefined,
        welcome: () => undefined,
        message: (message) => received.push(message),
        acked: ({ client_id, seq }) => acked.set(seq ?? 0, client_id),
        problem: () => undefined,
        scanned: () => undefined,
        typing: () => undefined,
        reset: () => received.splice(0),
        outbox: () => undefined,
      },
    );

    live.start();
    for (let n = 0; n < SENDS; n += 1) {
      live.send({ type: "send", client_id: `s${n}`, text: "x" });
      world.advance(Math.floor(random() * 3_000));
      if (random() < 0.1) world.setOnline(false);
      if (random() < 0.5) world.setOnline(true);
    }
    server.faults = false;
    world.setOnline(true);
    world.advance(600_000);
    world.socket.cut();
    world.advance(60_000);

    const held = new Map(received.map(({ seq, text }) => [seq ?? 0, text]));
    for (const [seq, client_id] of acked) if (!held.has(seq)) held.set(seq, client_id);
    const order = [...server.stored.keys()];
    expect({ seed, order }).toEqual({
      seed,
      order: Array.from({ length: SENDS }, (_, n) => `s${n}`),
    });
    expect({ seed, count: received.length }).toEqual({
      seed,
      count: new Set(received.map(({ seq }) => seq)).size,
    });
    expect({ seed, seqs: [...held.keys()].sort((a, b) => a - b) }).toEqual({
      seed,
      seqs: Array.from({ length: SENDS * 2 }, (_, n) => n + 1),
    });
    expect(received.map(({ seq }) => seq)).toEqual(
      received.map(({ seq }) => seq).sort((a, b) => (a ?? 0) - (b ?? 0)),
    );
    live.stop();
  }
});
