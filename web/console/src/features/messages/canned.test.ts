import { expect, test } from "vitest";

import { cannedWord, findCanned } from "./canned";

const ALL = [
  { id: 1, short_code: "thanks", text: "Thank you for waiting." },
  { id: 2, short_code: "hello", text: "Hello {{contact.name}}, thanks for writing." },
  { id: 3, short_code: "费用", text: "赎回费率如下。" },
];

test.each([
  ["/", ""],
  ["/he", "he"],
  ["/费", "费"],
  ["/he llo", undefined],
  ["see a/b", undefined],
  ["", undefined],
])("in %j the word is %j", (text, word) => {
  expect(cannedWord(text)).toBe(word);
});

test("codes that begin with the word come before texts that contain it", () => {
  expect(findCanned(ALL, "thanks").map(({ id }) => id)).toEqual([1, 2]);
  expect(findCanned(ALL, "赎回").map(({ id }) => id)).toEqual([3]);
  expect(findCanned(ALL, "")).toHaveLength(3);
  expect(findCanned(ALL, "nothing")).toEqual([]);
});
