import { expect, test } from "vitest";

import { highlight } from "./highlight";

const shown = (text: string, q: string) =>
  highlight(text, q)
    .map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join("");

test.each([
  ["我想查询基金的收益", "基金", "我想查询[基金]的收益"],
  ["Fund A and fund B", "fund", "[Fund] A and [fund] B"],
  ["costs (a+b)", "(a+b)", "costs [(a+b)]"],
  ["two words here", "words two", "[two] [words] here"],
  ["nothing here", "absent", "nothing here"],
])("in %j the words %j stand as %j", (text, q, expected) => {
  expect(shown(text, q)).toBe(expected);
});

test("a hit deep in a long text is brought to the front", () => {
  const result = shown(`${"x".repeat(200)}基金`, "基金");

  expect(result).toBe(`…${"x".repeat(40)}[基金]`);
});
