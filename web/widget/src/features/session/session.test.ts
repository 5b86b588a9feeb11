import { describe, expect, test } from "vitest";

import {
  connect,
  created,
  greet,
  message,
  openTab,
  tellStorage,
  welcome,
} from "../../../test/parts.ts";
import { memoryArea } from "./storage.ts";

const at = (last_seq: number) => ({
  conversation: { id: 9, status: "bot", last_seq, rated: false, assignee: null },
});
const jwt = (sub: string) => `x.${btoa(JSON.stringify({ sub }))}.y`;
const texts = (tab: ReturnType<typeof openTab>) =>
  tab.session.state.thread.messages.map(({ text }) => text);
const hello = (tab: ReturnType<typeof openTab>) => tab.world.socket.sent[0];

describe("the token", () => {
  test("is kept and shown at the next hello", () => {
    const first = openTab();
    connect(first);

    const second = openTab({ shared: first.shared });
    second.session.start();
    second.world.socket.open();

    expect(hello(second)).toMatchObject({ token: "token-1" });
  });

  test("of one inbox is never shown to another", () => {
    const first = openTab();
    connect(first);

    const second = openTab({ shared: first.shared, inbox: "other" });
    second.session.start();
    second.world.socket.open();

    expect(hello(second)).not.toHaveProperty("token");
  });

  test("never enters an address", () => {
    const tab = openTab();
    connect(tab);
    tab.world.socket.cut();
    tab.world.advance(5_000);

    expect(tab.world.sockets.map(({ url }) => url)).toEqual(["ws://test/", "ws://test/"]);
  });

  test("of the tab that was first serves both, when two are opened at once", () => {
    const first = openTab();
    const second = openTab({ shared: first.shared });
    first.session.start();
    second.session.start();
    first.world.socket.open();
    second.world.socket.open();

    first.world.socket.deliver(welcome());
    second.world.socket.deliver(welcome({ token: "token-2" }));
    second.world.socket.open();

    expect(hello(second)).toMatchObject({ token: "token-1" });
  });
});

describe("two users of one browser", () => {
  test("never see each other's words: the second finds an empty thread and no token", () => {
    const tab = openTab();
    connect(tab, at(1));
    tab.session.identify(jwt("ada"));
    greet(tab.world, { ...at(1), token: "token-ada", contact: { name: "Ada", verified: true } });
    tab.world.socket.deliver(created(message(1, { text: "秘密" })));
    tab.session.say("尚未送出");
    expect(texts(tab)).toEqual(["秘密"]);

    tab.session.identify(jwt("bob"));
    tab.world.socket.open();

    expect(hello(tab)).toMatchObject({ identity: jwt("bob"), after: 0 });
    expect(hello(tab)).not.toHaveProperty("token");
    expect(texts(tab)).toEqual([]);
    expect(tab.session.state.thread.pending).toEqual([]);
    tab.world.socket.deliver(welcome({ token: "token-bob" }));
    expect(tab.world.socket.sent.filter(({ type }) => type === "send")).toEqual([]);
  });

  test("an anonymous visitor who signs in keeps token and unsent words", () => {
    const tab = openTab();
    connect(tab);
    tab.session.say("你好");

    tab.session.identify(jwt("ada"));
    greet(tab.world, { token: "token-ada", contact: { name: "Ada", verified: true } });

    expect(hello(tab)).toMatchObject({ token: "token-1", identity: jwt("ada") });
    expect(tab.world.socket.sent.filter(({ type }) => type === "send")).toMatchObject([
      { text: "你好" },
    ]);
  });

  test("the proof of identity is shown until it is accepted, and not again", () => {
    const tab = openTab();
    connect(tab);
    tab.session.identify(jwt("ada"));
    tab.world.socket.open();
    tab.world.socket.cut();
    tab.world.advance(5_000);
    greet(tab.world, { contact: { name: "Ada", verified: true } });
    expect(hello(tab)).toHaveProperty("identity");

    tab.world.socket.cut();
    tab.world.advance(5_000);
    tab.world.socket.open();

    expect(hello(tab)).not.toHaveProperty("identity");
  });

  test("logout wipes: storage, thread, unsent words, badge; and ends the token", () => {
    const tab = openTab();
    connect(tab, at(1));
    tab.world.socket.deliver(created(message(1)));
    tab.session.say("尚未送出");

    tab.session.logout();
    tab.world.socket.open();

    expect(tab.ended).toEqual(["token-1"]);
    expect(hello(tab)).not.toHaveProperty("token");
    expect(texts(tab)).toEqual([]);
    expect(tab.own.getItem("attune:key:unsent")).toBeNull();
    expect(tab.shared.getItem("attune:key")).not.toContain("token-1");
    expect(tab.announced.slice(-2)).toEqual([
      { type: "unread", count: 0 },
      { type: "started", started: false },
    ]);
  });

  test("logout in one tab wipes the others", () => {
    const first = openTab();
    connect(first, at(1));
    first.world.socket.deliver(created(message(1)));
    const second = openTab({ shared: first.shared });
    connect(second, at(1));
    second.world.socket.deliver(created(message(1)));
    second.session.say("尚未送出");

    first.session.logout();
    tellStorage();
    second.world.socket.open();

    expect(texts(second)).toEqual([]);
    expect(second.session.state.thread.pending).toEqual([]);
    expect(hello(second)).not.toHaveProperty("token");
  });
});

describe("words", () => {
  test("that were not confirmed survive a reload, and are sent under the same name", () => {
    const before = openTab();
    before.session.start();
    before.session.say("你好");
    before.session.stop();

    const reloaded = openTab({ shared: before.shared, own: before.own });
    expect(reloaded.session.state.thread.pending).toMatchObject([{ text: "你好" }]);
    connect(reloaded);
    reloaded.world.socket.deliver({ type: "ack", client_id: "client-1", id: 101, seq: 1 });

    expect(reloaded.world.socket.sent[1]).toMatchObject({ type: "send", client_id: "client-1" });
    expect(reloaded.own.getItem("attune:key:unsent")).toBeNull();
    expect(texts(reloaded)).toEqual(["你好"]);
  });

  test("that were refused are sent again on demand", () => {
    const tab = openTab();
    connect(tab);
    tab.session.say("你好");
    tab.world.socket.deliver({
      type: "problem",
      client_id: "client-1",
      problem: { status: 429, title: "slow" },
    });
    expect(tab.session.state.thread.pending[0]?.failed).toBe("slow");

    tab.session.retry("client-1");

    expect(tab.session.state.thread.pending[0]?.failed).toBeNull();
    expect(tab.world.socket.sent.filter(({ type }) => type === "send")).toHaveLength(2);
  });

  test("chosen from the replies carry their value", () => {
    const tab = openTab();
    connect(tab);

    tab.session.say("查询收益", [], "query_yield");

    expect(tab.world.socket.sent.at(-1)).toEqual({
      type: "send",
      client_id: "client-1",
      text: "查询收益",
      quick_reply: "query_yield",
    });
  });
});

describe("the badge", () => {
  test("counts what came while nobody looked, also across a reload", () => {
    const tab = openTab();
    tab.session.setVisible(true);
    connect(tab, at(1));
    tab.world.socket.deliver(created(message(1)));
    tab.session.setVisible(false);
    tab.world.socket.deliver(created(message(2)));
    expect(tab.announced.at(-1)).toEqual({ type: "unread", count: 1 });

    const reloaded = openTab({ shared: tab.shared });
    connect(reloaded, at(2));
    for (const seq of [1, 2]) reloaded.world.socket.deliver(created(message(seq)));
    expect(reloaded.announced.at(-1)).toEqual({ type: "unread", count: 1 });

    reloaded.session.setVisible(true);
    expect(reloaded.announced.at(-1)).toEqual({ type: "unread", count: 0 });
    expect(reloaded.world.socket.sent).toContainEqual({ type: "read", seq: 2 });
  });
});

describe("the banner", () => {
  test("does not flicker for an interruption of a moment", () => {
    const tab = openTab();
    connect(tab);
    tab.world.socket.cut();
    tab.world.advance(600);
    expect(tab.session.state.interrupted).toBe(false);
    greet(tab.world);
    tab.world.advance(5_000);
    expect(tab.session.state.interrupted).toBe(false);
  });

  test("shows an interruption that lasts, at once when the network is gone", () => {
    const tab = openTab();
    connect(tab);
    tab.world.setOnline(false);

    expect(tab.session.state.interrupted).toBe(true);
  });

  test("a refusal is told to the page", () => {
    const tab = openTab();
    connect(tab);
    tab.world.socket.cut(4401);

    expect(tab.announced).toContainEqual({ type: "refused" });
  });
});

test("who writes is forgotten after six seconds", () => {
  const tab = openTab();
  connect(tab);
  tab.world.socket.deliver({ type: "typing", sender: { kind: "bot" } });
  expect(tab.session.state.thread.typing).not.toBeNull();

  tab.world.advance(6_000);

  expect(tab.session.state.thread.typing).toBeNull();
});

test("another language is asked for at once, and remembered", () => {
  const tab = openTab();
  connect(tab);

  tab.session.setLocale("en");
  tab.world.socket.open();

  expect(hello(tab)).toMatchObject({ locale: "en", token: "token-1" });
  expect(openTab({ shared: tab.shared }).session.state.locale).toBe("en");
});

test("a browser that forbids storage leaves a chat that works", () => {
  const deny = () => {
    throw new DOMException("denied", "SecurityError");
  };
  const tab = openTab({ own: { ...memoryArea(), setItem: deny } });
  connect(tab);

  tab.session.say("你好");

  expect(tab.session.state.thread.pending).toHaveLength(1);
});
