import { describe, expect, test } from "vitest";

import { safeHref } from "./markdown.ts";
import {
  characterCount,
  cleanName,
  displayName,
  hasLookAlikes,
  initials,
  neutralise,
} from "./text.ts";

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

  test("caps marks that pile up on a letter, and tones that stand in a row", () => {
    expect(neutralise(`Z${"\u0301".repeat(50)}`)).toBe(`Z${"\u0301".repeat(4)}`);
    expect(neutralise("🏻".repeat(50))).toBe("🏻".repeat(5));
  });
});

/** Every mark that a name or an address might hide, turn or pile up with; `U+200C` and `U+200D` join emoji. */
const MARKS = [
  ...range(0x00, 0x08),
  ...range(0x0b, 0x0c),
  ...range(0x0e, 0x1f),
  ...range(0x7f, 0x9f),
  ...[0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e],
  ...range(0x200b, 0x200b),
  ...range(0x200e, 0x200f),
  ...range(0x202a, 0x202e),
  ...range(0x2060, 0x206f),
  ...[0x3164, 0xfeff, 0xffa0],
  ...range(0xfff9, 0xfffb),
  ...range(0x1d173, 0x1d17a),
  ...range(0xe0000, 0xe007f),
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test("no mark that hides or turns is left in a text, a name or an address", () => {
  const left = MARKS.map((code) => String.fromCodePoint(code)).filter(
    (mark) =>
      neutralise(`pay${mark}pal`) !== "paypal" ||
      displayName(`pay${mark}pal`) !== "paypal" ||
      safeHref(`https://pay${mark}pal.example/`) !== "https://paypal.example/",
  );

  expect(left.map((mark) => mark.codePointAt(0)?.toString(16))).toEqual([]);
});

test("a name has no joiners between letters and no second line", () => {
  for (const mark of "\u200c\u200d") expect(displayName(`pay${mark}pal`)).toBe("paypal");
  for (const end of "\n\r\t\u2028\u2029\u0085\u3000")
    expect(displayName(`pay${end}pal`)).toMatch(/^pay ?pal$/);
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

describe("a name that may be taken for another", () => {
  test.each([
    ["a Cyrillic letter among Latin ones", "P\u0430ypal"],
    ["a Greek letter among Latin ones", "G\u03bfogle Support"],
    ["Cyrillic letters alone that all look Latin", "\u0440\u043e\u0440\u0430\u0441\u0435"],
    ["Greek capitals alone that all look Latin", "\u0391\u0392\u0392\u039f\u03a4"],
    ["an address", "ceo@\u0430pple.example"],
    ["a hidden mark between two alphabets", "P\u200b\u0430ypal"],
  ])("is marked: %s", (_, name) => {
    expect(hasLookAlikes(name)).toBe(true);
    expect(displayName(name)).toMatch(/ ⚠$/);
  });

  test.each([
    "Анна Хосе",
    "Ωμέγα",
    "Ada Иванова",
    "林小满 Lin",
    "Zoë Müller-Ångström",
    "ООО Ромашка",
    "ünï@example.com",
    "а",
    "3M 5 µg",
    "",
  ])("is not %j", (name) => {
    expect(displayName(name)).toBe(name);
  });

  test("is not marked where a file is saved under it", () => {
    expect(cleanName("p\u0430y\u200bpal.pdf")).toBe("p\u0430ypal.pdf");
  });

  test("is marked however long it is", () => {
    expect(displayName(`P\u0430ypal ${"x".repeat(100)}`)).toMatch(/… ⚠$/);
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
