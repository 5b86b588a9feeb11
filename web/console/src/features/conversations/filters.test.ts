import { expect, test } from "vitest";

import { ADA, conversation } from "../../../test/fixtures";
import { completeFilters, matches, parseSearch, toQuery } from "./filters";

test("strange words in a URL are left out", () => {
  expect(
    parseSearch({ view: "everything", status: "closed", inbox: "-3", other: 1 }),
  ).toStrictEqual({
    view: undefined,
    status: undefined,
    inbox: undefined,
  });
  expect(parseSearch({ view: "mine", status: "snoozed", inbox: "4" })).toEqual({
    view: "mine",
    status: "snoozed",
    inbox: 4,
  });
});

test("what a URL does not say is everybody's open conversations", () => {
  expect(completeFilters({})).toEqual({ view: "all", status: "open" });
});

test.each([
  [
    { view: "mine", status: "open" },
    { status: "open", assignee: "me" },
  ],
  [
    { view: "unassigned", status: "open" },
    { status: "open", assignee: "none" },
  ],
  [
    { view: "all", status: "bot", inbox: 2 },
    { status: "bot", inbox: 2 },
  ],
] as const)("%j asks the server for %j", (filters, query) => {
  expect(toQuery(filters)).toEqual(query);
});

const MINE = conversation({ assignee: { id: ADA.id, name: "Ada" } });
const THEIRS = conversation({ assignee: { id: 2, name: "Grace" } });

test.each([
  ["mine", MINE, true],
  ["mine", THEIRS, false],
  ["mine", conversation(), false],
  ["unassigned", conversation(), true],
  ["unassigned", MINE, false],
  ["all", THEIRS, true],
] as const)(
  "in the list %s a conversation belongs as the server would say",
  (view, item, belongs) => {
    expect(matches({ view, status: "open" }, item, ADA.id)).toBe(belongs);
    expect(matches({ view, status: "resolved" }, item, ADA.id)).toBe(false);
    expect(matches({ view, status: "open", inbox: 77 }, item, ADA.id)).toBe(false);
  },
);
