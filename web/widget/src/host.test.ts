import { beforeEach, describe, expect, test } from "vitest";

import { hostOf } from "./host.ts";

const PAGE = "https://shop.example";
const opened = { channel: "attune", type: "opened" };

/** A window in a frame, as far as the bridge looks at it. */
class FakeFrame extends EventTarget {
  posted: { data: unknown; origin: string }[] = [];
  parent = { postMessage: (data: unknown, origin: string) => this.posted.push({ data, origin }) };
  document: { referrer: string };
  location: { ancestorOrigins?: string[] };

  constructor({ referrer = "", ancestors }: { referrer?: string; ancestors?: string[] }) {
    super();
    this.document = { referrer };
    this.location = ancestors ? { ancestorOrigins: ancestors } : {};
  }

  hear(data: unknown, origin: string, source: unknown = this.parent): void {
    const event = new Event("message");
    this.dispatchEvent(Object.assign(event, { data, origin, source }));
  }
}

let heard: string[];
beforeEach(() => {
  heard = [];
});

function host(options: ConstructorParameters<typeof FakeFrame>[0]) {
  const frame = new FakeFrame(options);
  const bridge = hostOf(frame as unknown as Window);
  bridge.listen(({ type }) => heard.push(type));
  return { frame, bridge };
}

describe("the frame hears", () => {
  test.each([
    ["its parent", PAGE, undefined, ["opened"]],
    ["not another origin in its parent's place", "https://evil.example", undefined, []],
    ["not a longer origin", `${PAGE}.evil.example`, undefined, []],
    ["not the insecure twin", "http://shop.example", undefined, []],
    ["not another port", `${PAGE}:8443`, undefined, []],
    ["not a window without origin", "null", undefined, []],
    ["not another window of the page's origin", PAGE, {}, []],
    ["not nobody", PAGE, null, []],
  ])("%s", (_, origin, source, expected) => {
    const { frame } = host({ ancestors: [PAGE] });

    frame.hear(opened, origin, source === undefined ? frame.parent : source);

    expect(heard).toEqual(expected);
  });

  test.each([
    [{ channel: "other", type: "opened" }],
    ["opened"],
    [null],
    [{ channel: "attune", type: "eval" }],
  ])("nothing in %j", (data) => {
    const { frame } = host({ ancestors: [PAGE] });

    frame.hear(data, PAGE);

    expect(heard).toEqual([]);
  });
});

describe("the frame speaks", () => {
  test.each([
    ["to the origin that the browser names", { ancestors: [PAGE, "https://outer.example"] }],
    ["to the origin of the referrer where browsers name none", { referrer: `${PAGE}/a/b?c=d` }],
  ])("%s, and to no other", (_, options) => {
    const { frame, bridge } = host(options);

    bridge.post({ type: "unread", count: 2 });

    expect(frame.posted).toEqual([
      { data: { channel: "attune", type: "unread", count: 2 }, origin: PAGE },
    ]);
  });

  test("to the first that greets it when nothing is named, from then on to it alone", () => {
    const { frame, bridge } = host({});
    bridge.post({ type: "unread", count: 1 });
    bridge.post({ type: "unread", count: 2 });
    expect(frame.posted).toEqual([]);

    frame.hear(opened, PAGE);
    frame.hear(opened, "https://evil.example");

    expect(frame.posted).toEqual([
      { data: { channel: "attune", type: "unread", count: 2 }, origin: PAGE },
    ]);
    expect(heard).toEqual(["opened"]);
  });

  test("not at all to a page without an origin", () => {
    const { frame, bridge } = host({ ancestors: ["null"] });
    bridge.post({ type: "close" });

    frame.hear(opened, "null");

    expect(frame.posted).toEqual([]);
    expect(heard).toEqual([]);
  });
});

test("a page of its own speaks to nobody", () => {
  const bridge = hostOf(window);

  bridge.post({ type: "close" });

  expect(bridge.embedded).toBe(false);
});
