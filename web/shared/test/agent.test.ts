import { beforeEach, expect, test } from "vitest";

import { type AgentListener, AgentLive } from "../src/live/agent.ts";
import { World } from "./world.ts";

let world: World;
let live: AgentLive;
let cursors: number[];
let calls: string[];

beforeEach(() => {
  world = new World();
  cursors = [];
  calls = [];
  const listener: AgentListener = {
    state: () => undefined,
    welcome: (_, resumed) => calls.push(resumed ? "resumed" : "fresh"),
    event: ({ data }) => cursors.push(data.cursor),
    typing: (conversation_id) => calls.push(`typing ${conversation_id}`),
    problem: ({ code }) => calls.push(`problem ${code}`),
    resync: () => calls.push("resync"),
  };
  live = new AgentLive("ws://test/", world, listener);
});

const event = (cursor: number) => ({
  specversion: "1.0",
  id: `1/${cursor}`,
  source: "/accounts/1",
  type: "message.created",
  time: "2026-11-22T09:00:00.000Z",
  data: { cursor },
});

function welcome(cursor: number) {
  world.socket.open();
  world.socket.deliver({ type: "welcome", cursor, agent: { id: 1 } });
}

test("starts at the server's cursor and says hello with its own after a cut", () => {
  live.start();
  welcome(40);
  world.socket.deliver(event(41));
  world.socket.deliver(event(44));
  world.socket.cut();
  world.advance(1_000);
  welcome(50);

  expect(world.socket.sent[0]).toEqual({ type: "hello", after: 44 });
  expect(calls).toEqual(["fresh", "resumed"]);
});

test("takes every event once, whatever is repeated", () => {
  live.start(10);
  welcome(13);

  for (const cursor of [9, 10, 11, 11, 13, 12, 13, 14]) world.socket.deliver(event(cursor));

  expect(cursors).toEqual([11, 13, 14]);
});

test("forgets its cursor when too much was missed", () => {
  live.start(10);
  welcome(900);
  world.socket.deliver({ type: "resync_required" });
  world.advance(1_000);
  welcome(900);

  expect(world.socket.sent[0]).toEqual({ type: "hello" });
  expect(calls).toEqual(["resumed", "resync", "fresh"]);
  world.socket.deliver(event(900));
  world.socket.deliver(event(901));
  expect(cursors).toEqual([901]);
});

test("typing is told at most every three seconds for each conversation", () => {
  live.start();
  welcome(1);

  live.typing(9);
  live.typing(9);
  live.typing(10);

  expect(world.socket.sent.filter(({ type }) => type === "typing")).toEqual([
    { type: "typing", conversation_id: 9 },
    { type: "typing", conversation_id: 10 },
  ]);
});
