import { expect, test } from "vitest";

import { parseFromWidget, parseToWidget } from "./bridge.ts";

const channel = "attune";

test.each([
  [
    { channel, type: "hello", open: true },
    { type: "hello", open: true },
  ],
  [
    { channel, type: "hello", open: "yes" },
    { type: "hello", open: false },
  ],
  [{ channel, type: "opened" }, { type: "opened" }],
  [{ channel, type: "closed", more: 1 }, { type: "closed" }],
  [{ channel, type: "logout" }, { type: "logout" }],
  [
    { channel, type: "locale", locale: "en" },
    { type: "locale", locale: "en" },
  ],
  [{ channel, type: "locale", locale: 1 }, undefined],
  [
    { channel, type: "identify", token: "a.b.c" },
    { type: "identify", token: "a.b.c" },
  ],
  [{ channel, type: "identify", token: "" }, undefined],
  [{ channel, type: "identify", token: "x".repeat(8_193) }, undefined],
  [{ channel, type: "identify", token: { toString: "x" } }, undefined],
  [{ channel: "other", type: "opened" }, undefined],
  [{ type: "opened" }, undefined],
  ["opened", undefined],
  [null, undefined],
  [[channel, "opened"], undefined],
])("the frame reads %j as %j", (data, message) => {
  expect(parseToWidget(data)).toEqual(message);
});

test.each([
  [{ channel, type: "ready" }, { type: "ready" }],
  [{ channel, type: "close" }, { type: "close" }],
  [{ channel, type: "refused" }, { type: "refused" }],
  [
    { channel, type: "unread", count: 3 },
    { type: "unread", count: 3 },
  ],
  [{ channel, type: "unread", count: -1 }, undefined],
  [{ channel, type: "unread", count: 1.5 }, undefined],
  [{ channel, type: "unread", count: "3" }, undefined],
  [
    { channel, type: "started", started: true },
    { type: "started", started: true },
  ],
  [{ channel, type: "identify", token: "a.b.c" }, undefined],
  [{ channel: "other", type: "ready" }, undefined],
  [undefined, undefined],
])("the page reads %j as %j", (data, message) => {
  expect(parseFromWidget(data)).toEqual(message);
});
