import { beforeEach, describe, expect, test } from "vitest";

import { type Attune, createAttune, type Memory } from "../src/attune.ts";
import { frameUrl, type Options, readOptions } from "../src/options.ts";
import { createView, type View } from "../src/view.ts";

const ORIGIN = "https://chat.example";
const options: Options = { origin: ORIGIN, inbox: "KEY", locale: "zh", side: "right" };
const sentences = { open: "open", close: "close", title: "chat", unread: "{{count}} unread" };

/** What stands for the page's window: a new one for each test, so that nothing old listens. */
let page: Window;
let kept: Map<string, string>;
let view: View;
let attune: Attune;
let posted: { message: Record<string, unknown>; origin: string }[];

const memory: Memory = {
  get: (key) => kept.get(key) ?? null,
  set: (key, value) => {
    if (value === null) kept.delete(key);
    else kept.set(key, value);
  },
};

function frameElement(): HTMLIFrameElement | null | undefined {
  return document.querySelector("#attune")?.shadowRoot?.querySelector("iframe");
}

/** Catches what is posted to the frame, and says that it has loaded. */
function loaded(): Window {
  const frame = view.frame();
  if (!frame) throw new Error("there is no frame");
  frame.postMessage = ((message: Record<string, unknown>, origin: string) =>
    posted.push({ message, origin })) as typeof frame.postMessage;
  frameElement()?.dispatchEvent(new Event("load"));
  return frame;
}

function hear(data: unknown, { origin = ORIGIN, source = view.frame() as Window | null } = {}) {
  page.dispatchEvent(new MessageEvent("message", { data, origin, source }));
}

const from = (message: object) => ({ channel: "attune", ...message });

/** jsdom gives frames in a shadow root no window, so another frame lends them its own. */
const lender = document.createElement("iframe");
document.head.append(lender);
const lent = lender.contentWindow;
Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", { get: () => lent });

beforeEach(() => {
  document.body.replaceChildren();
  window.matchMedia = (() => ({ matches: false })) as unknown as typeof window.matchMedia;
  page = new EventTarget() as Window;
  kept = new Map();
  posted = [];
  view = createView(document, "right", sentences);
  attune = createAttune(page, options, view, memory);
});

describe("the tag", () => {
  const tag = (attributes: Record<string, string>) => {
    const script = document.createElement("script");
    for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
    return script;
  };

  test.each([
    [
      { src: `${ORIGIN}/loader.js`, "data-inbox": "K", "data-locale": "en" },
      { origin: ORIGIN, inbox: "K", locale: "en", side: "right" },
    ],
    [
      { src: `${ORIGIN}/a/loader.js?v=1`, "data-inbox": " K ", "data-side": "left" },
      { origin: ORIGIN, inbox: "K", locale: "zh-CN", side: "left" },
    ],
    [{ src: `${ORIGIN}/loader.js` }, undefined],
    [{ src: "data:text/javascript,1", "data-inbox": "K" }, undefined],
    [{ "data-inbox": "K" }, undefined],
  ])("%j asks for %j", (attributes, expected) => {
    expect(readOptions(tag(attributes as Record<string, string>), "zh-CN")).toEqual(expected);
  });

  test("cannot point the frame elsewhere", () => {
    const url = frameUrl({ ...options, inbox: "../../evil?x=1&locale=//evil.example" });

    expect(new URL(url).origin).toBe(ORIGIN);
    expect(new URL(url).pathname).toBe("/widget/");
    expect(new URL(url).searchParams.get("inbox")).toBe("../../evil?x=1&locale=//evil.example");
  });
});

describe("the bridge", () => {
  test.each([
    ["another origin", from({ type: "close" }), { origin: "https://evil.example" }],
    ["a longer origin", from({ type: "close" }), { origin: `${ORIGIN}.evil.example` }],
    ["another port", from({ type: "close" }), { origin: `${ORIGIN}:444` }],
    ["the insecure twin", from({ type: "close" }), { origin: "http://chat.example" }],
    ["no origin", from({ type: "close" }), { origin: "null" }],
    ["an empty origin", from({ type: "close" }), { origin: "" }],
    ["another window of our origin", from({ type: "close" }), { source: window }],
    ["no window", from({ type: "close" }), { source: null }],
    ["another channel", { channel: "other", type: "close" }, {}],
    ["no channel", { type: "close" }, {}],
    ["text", "close", {}],
  ])("ignores %s", (_, data, sender) => {
    attune.open();
    loaded();

    hear(data, sender);

    expect(view.button.getAttribute("aria-expanded")).toBe("true");
  });

  test("hears its own frame", () => {
    attune.open();
    loaded();

    hear(from({ type: "close" }));

    expect(view.button.getAttribute("aria-expanded")).toBe("false");
  });

  test("is addressed to the frame's origin, always", () => {
    attune.identify("a.b.c");
    loaded();
    hear(from({ type: "ready" }));
    attune.open();
    attune.logout();

    expect(posted.map(({ origin }) => origin)).toEqual(posted.map(() => ORIGIN));
    expect(posted.map(({ message }) => message.type)).toEqual([
      "hello",
      "identify",
      "opened",
      "logout",
    ]);
  });

  test("tells a frame that was opened or closed while it said hello", () => {
    attune.identify("a.b.c");
    loaded();
    attune.open();
    expect(posted.map(({ message }) => message.type)).toEqual(["hello"]);

    hear(from({ type: "ready" }));
    loaded();
    attune.close();
    hear(from({ type: "ready" }));

    expect(posted.map(({ message }) => message)).toEqual([
      { channel: "attune", type: "hello", open: false },
      { channel: "attune", type: "opened" },
      { channel: "attune", type: "identify", token: "a.b.c" },
      { channel: "attune", type: "hello", open: true },
      { channel: "attune", type: "closed" },
    ]);
  });

  test("keeps the token until the frame is ready, and sends it once", () => {
    attune.identify("old");
    attune.identify("a.b.c");
    loaded();
    expect(posted.map(({ message }) => message.type)).toEqual(["hello"]);

    hear(from({ type: "ready" }));
    hear(from({ type: "ready" }));

    expect(posted.filter(({ message }) => message.type === "identify")).toEqual([
      { message: { channel: "attune", type: "identify", token: "a.b.c" }, origin: ORIGIN },
    ]);
  });
});

describe("the button", () => {
  test("loads no frame before anybody wants one", () => {
    expect(frameElement()).toBeNull();
  });

  test("loads the frame at once for somebody who has talked to us", () => {
    kept.set("attune:KEY:started", "1");
    document.body.replaceChildren();
    view = createView(document, "right", sentences);

    createAttune(page, options, view, memory);

    expect(frameElement()?.src).toBe(`${ORIGIN}/widget/?inbox=KEY&locale=zh`);
    expect(frameElement()?.referrerPolicy).toBe("origin");
  });

  test("opens and closes", () => {
    const heard: string[] = [];
    attune.on("open", () => heard.push("open"));
    const stop = attune.on("close", () => heard.push("close"));

    view.button.click();
    view.button.click();
    stop();
    attune.toggle();
    attune.close();

    expect(heard).toEqual(["open", "close", "open"]);
  });

  test("closes on Escape and gives focus back", () => {
    const link = document.createElement("button");
    document.body.append(link);
    link.focus();
    attune.open();

    page.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));

    expect(view.button.getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(link);
  });

  test("says how many messages are unread", () => {
    const counts: number[] = [];
    attune.on("unread", (count) => counts.push(count));
    attune.open();
    loaded();
    attune.close();

    hear(from({ type: "unread", count: 120 }));

    expect(view.button.getAttribute("aria-label")).toBe("120 unread");
    expect(view.button.textContent).toBe("99+");
    expect(counts).toEqual([120]);
  });
});

test("a page remembers that somebody talked to us, and forgets it at logout", () => {
  attune.open();
  loaded();
  hear(from({ type: "started", started: true }));
  expect([...kept.entries()]).toEqual([["attune:KEY:started", "1"]]);

  attune.logout();

  expect(kept.size).toBe(0);
});
