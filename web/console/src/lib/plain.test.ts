import { expect, test } from "vitest";

import { plain } from "./plain";

test.each([
  ["您想查询**基金名称**还是`代码`？", "您想查询基金名称还是代码？"],
  ["see [the page](https://example.com)", "see the page"],
  ["# Title\n\n- one\n- two", "Title one two"],
  ["2 * 3 = 6", "2 * 3 = 6"],
  ["snake_case stays", "snake_case stays"],
])("%j reads %j", (source, text) => {
  expect(plain(source)).toBe(text);
});
