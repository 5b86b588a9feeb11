import { expect, test } from "vitest";

import { atHour, daysToMonday, formatMoment, formatSpan, span, waitLevel } from "./time";

test.each([
  [0, { value: 0, unit: "second" }],
  [-5_000, { value: 0, unit: "second" }],
  [59_999, { value: 59, unit: "second" }],
  [60_000, { value: 1, unit: "minute" }],
  [3_600_000, { value: 1, unit: "hour" }],
  [90_000_000, { value: 1, unit: "day" }],
])("%i ms reads in its largest unit", (ms, expected) => {
  expect(span(ms)).toEqual(expected);
});

test("a span is short in both languages", () => {
  expect(formatSpan(180_000, "en")).toBe("3m");
  expect(formatSpan(180_000, "zh-CN")).toBe("3分钟");
});

test("waiting grows warm, then hot", () => {
  expect([30_000, 300_000, 900_000].map(waitLevel)).toEqual(["calm", "warm", "hot"]);
});

test("a moment of today shows its time, an older one its date", () => {
  const now = new Date(2026, 10, 22, 12, 0).getTime();

  expect(formatMoment(new Date(2026, 10, 22, 9, 5).toISOString(), now, "en")).toBe("09:05");
  expect(formatMoment(new Date(2026, 10, 20, 9, 5).toISOString(), now, "en")).toBe("Nov 20");
});

test("a snooze lands on the hour of the right day", () => {
  const saturday = new Date(2026, 10, 21, 16, 42).getTime();

  expect(atHour(saturday, 1, 9)).toEqual(new Date(2026, 10, 22, 9, 0));
  expect(daysToMonday(saturday)).toBe(2);
  expect(daysToMonday(new Date(2026, 10, 23).getTime())).toBe(7);
});
