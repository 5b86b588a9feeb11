import { expect, test } from "vitest";

import { marks } from "./marks";

const piece = (text: string, start: number, weight: number) => ({
  text,
  start,
  end: start + [...text].length,
  weight,
});
const shown = (text: string, ...reasons: ReturnType<typeof piece>[]) =>
  marks(text, reasons).map(({ text, level }) => `${level}:${text}`);

test("a text that nothing explains is one plain stretch", () => {
  expect(shown("where is it")).toEqual(["0:where is it"]);
  expect(marks("", [])).toEqual([]);
});

test("the weightiest piece is the strongest", () => {
  expect(shown("where is my parcel", piece("parcel", 12, 9), piece("where", 0, 4))).toEqual([
    "2:where",
    "0: is my ",
    "3:parcel",
  ]);
});

test("where pieces overlap, the weightier counts", () => {
  expect(shown("退款到账", piece("退款", 0, 3), piece("款到", 1, 9))).toEqual([
    "1:退",
    "3:款到",
    "0:账",
  ]);
});

test("a character of two halves is one character", () => {
  expect(shown("😭退款", piece("退款", 1, 5))).toEqual(["0:😭", "3:退款"]);
});

test("next to what weighs much, a trifle is not marked", () => {
  expect(shown("颜色发错", piece("发错", 2, 6), piece("颜", 0, 0.1))).toEqual(["0:颜色", "3:发错"]);
});

test("a piece that reaches beyond the text is cut", () => {
  expect(shown("ab", { text: "b?", start: 1, end: 9, weight: 1 })).toEqual(["0:a", "3:b"]);
});
