import { expect, test } from "vitest";

import { meaning, stretches } from "./entities";

const entity = (kind: string, text: string, start: number, value: Record<string, unknown>) => ({
  kind,
  text,
  start,
  end: start + [...text].length,
  value,
  role: null,
});

test("a text is cut at what was found, with emoji as one character", () => {
  const order = entity("order_number", "ZM88213", 5, { type: "order_number", number: "ZM88213" });

  const cut = stretches("😭订单号 ZM88213 呢", [order]);

  expect(cut.map(({ text, entity }) => (entity ? `[${text}]` : text))).toEqual([
    "😭订单号 ",
    "[ZM88213]",
    " 呢",
  ]);
});

test("a text in which nothing was found is one stretch", () => {
  expect(stretches("在吗", [])).toEqual([{ text: "在吗", at: 0 }]);
  expect(stretches("", [])).toEqual([]);
});

test("what is meant stands on one line", () => {
  const money = { type: "money", amount: "500", currency: "CNY" };
  const day = {
    type: "date",
    iso: "2026-11-25",
    from: "2026-11-25",
    to: "2026-11-25",
    grain: "day",
  };
  expect(meaning(entity("money", "500元", 0, money))).toBe("500 CNY");
  expect(meaning(entity("date", "下周三", 0, day))).toBe("2026-11-25");
});
