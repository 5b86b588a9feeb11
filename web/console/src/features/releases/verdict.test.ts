import { expect, test } from "vitest";

import { verdictOf } from "./verdict";

test.each([
  [{ only_first: 0, only_second: 0, p_value: 1 }, "same"],
  [{ only_first: 4, only_second: 2, p_value: 0.69 }, "chance"],
  [{ only_first: 9, only_second: 0, p_value: 0.004 }, "better"],
  [{ only_first: 1, only_second: 14, p_value: 0.001 }, "worse"],
  [{ only_first: 9, only_second: 1, p_value: 0.05 }, "better"],
] as const)("%j is %s", (counts, verdict) => {
  const comparison = { tests: 100, both_right: 80, differences: [], ...counts };

  expect(verdictOf(comparison)).toBe(verdict);
});
