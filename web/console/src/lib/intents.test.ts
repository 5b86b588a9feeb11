import { expect, test } from "vitest";

import { INTENTS } from "../../test/training";
import { findIntents, intentTitles } from "./intents";

const found = (query: string) => findIntents(INTENTS, query).map(({ name }) => name);

test.each([
  ["", ["query_yield", "track_order", "shipping_fee"]],
  ["运费", ["shipping_fee"]],
  ["SHIPPING", ["shipping_fee"]],
  ["track_order", ["track_order"]],
  ["order track", ["track_order"]],
  ["nothing like it", []],
])("%j finds %j", (query, names) => {
  expect(found(query)).toEqual(names);
});

test("an intent is called as the page speaks, or by its name", () => {
  expect(intentTitles(INTENTS, "zh")("shipping_fee")).toBe("运费");
  expect(intentTitles(INTENTS, "en")("shipping_fee")).toBe("Shipping costs");
  expect(intentTitles(INTENTS, "en")("gone")).toBe("gone");
});
