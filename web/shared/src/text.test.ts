import { describe, expect, test } from "vitest";

import { characterCount, displayName, initials, neutralise } from "./text.ts";

describe("neutralise", () => {
  test.each([
    ["a right-to-left override", "invoice\u202egpj.exe", "invoicegpj.exe"],
    ["isolates", "\u2066abc\u2069", "abc"],
    ["a zero-width space", "pay\u200bpal", "paypal"],
    ["control characters", "a\u0000b\u0007c", "abc"],
    ["a carriage return", "a\r\nb\rc", "a\nb\nc"],
  ])("takes out %s", (_, hostile, clean) => {
    expect(neutralise(hostile)).toBe(clean);
  });

  test.each(["你好，世界", "👨‍👩‍👧‍👦 👍🏽", "nở hoa", "می‌خواهم", "a\tb\nc"])(
    "leaves %j as it is",
    (text) => {
      expect(neutralise(text)).toBe(text);
    },
  );

  test("caps marks that pile up on a letter", () => {
    expect(neutralise(`Z${"\u0301".repeat(50)}`)).toBe(`Z${"\u0301".repeat(4)}`);
  });
});

describe("displayName", () => {
  test("is one line without joiners between letters", () => {
    expect(displayName("  Ad\u200da\n Lovelace ")).toBe("Ada Lovelace");
  });

  test("keeps joined emoji", () => {
    expect(displayName("Ada 👩‍💻")).toBe("Ada 👩‍💻");
  });

  test("is cut at eighty characters", () => {
    expect(characterCount(displayName("知".repeat(500)))).toBe(80);
  });
});

test("characters are counted as people do, not in halves of surrogate pairs", () => {
  expect(characterCount("a😀知")).toBe(3);
});

test.each([
  ["林小满", "林"],
  ["Ada Lovelace", "AL"],
  ["bob", "B"],
  ["", ""],
])("%j is drawn as %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});
