import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";

import { problem, show } from "../../../test/render";
import { server } from "../../../test/server";
import { INTENTS, reviewItem } from "../../../test/training";
import { intentTitles } from "../../lib/intents";
import { ReviewQueue } from "./ReviewQueue";

const ITEMS = [
  reviewItem({ id: 1, text: "first" }),
  reviewItem({ id: 2, text: "second" }),
  reviewItem({ id: 3, text: "third", predicted: "", probability: 0 }),
];

/** What was decided, in the order in which the server heard of it. */
let decided: { id: number; body: unknown }[] = [];

beforeEach(() => {
  decided = [];
  server.use(
    http.get("*/api/v1/nlu/reviews/counts", () => HttpResponse.json({ open: ITEMS.length })),
    http.get("*/api/v1/nlu/reviews", () => HttpResponse.json({ items: ITEMS, next: null })),
    http.post("*/api/v1/nlu/reviews/:id/decide", async ({ request, params }) => {
      decided.push({ id: Number(params.id), body: await request.json() });
      return HttpResponse.json(reviewItem());
    }),
  );
});

async function open() {
  const titleOf = intentTitles(INTENTS, "en");
  const shown = await show(<ReviewQueue filter={{}} intents={INTENTS} titleOf={titleOf} />);
  await screen.findByText("first");
  return shown;
}

const chosen = () => document.querySelector("[data-review][aria-current]")?.textContent ?? "";

test("j and k walk, and stop at the ends", async () => {
  const { user } = await open();

  await user.keyboard("k");
  expect(chosen()).toContain("first");
  await user.keyboard("jjjj");
  expect(chosen()).toContain("third");
  await user.keyboard("{ArrowUp}");
  expect(chosen()).toContain("second");
});

test("the same key twice decides two items, each once and in order", async () => {
  const { user } = await open();

  await user.keyboard("aa");

  await expect
    .poll(() => decided)
    .toEqual([
      { id: 1, body: { decision: "accept" } },
      { id: 2, body: { decision: "accept" } },
    ]);
  expect(screen.queryByText("first")).toBeNull();
  expect(chosen()).toContain("third");
});

test("a key that is held down decides one item", async () => {
  await open();

  fireEvent.keyDown(document.body, { key: "r" });
  for (let times = 0; times < 20; times += 1)
    fireEvent.keyDown(document.body, { key: "r", repeat: true });

  await expect.poll(() => decided).toEqual([{ id: 1, body: { decision: "reject" } }]);
  expect(screen.queryByText("second")).toBeTruthy();
});

test("what comes in above does not change what a key is for", async () => {
  const { cache, user } = await open();
  server.use(
    http.get("*/api/v1/nlu/reviews", () =>
      HttpResponse.json({ items: [reviewItem({ id: 9, text: "urgent" }), ...ITEMS], next: null }),
    ),
  );
  await act(() => cache.invalidateQueries());
  await screen.findByText("urgent");

  await user.keyboard("r");

  await expect.poll(() => decided).toEqual([{ id: 1, body: { decision: "reject" } }]);
  expect(chosen()).toContain("second");
});

test("c corrects to an intent that is found by a few letters", async () => {
  const { user } = await open();

  await user.keyboard("jc");
  const field = await screen.findByRole("combobox", { name: "What does it mean?" });
  expect(document.activeElement).toBe(field);
  await user.keyboard("returns{Enter}");

  await expect
    .poll(() => decided)
    .toEqual([{ id: 2, body: { decision: "correct", intent: "query_yield" } }]);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("what was taken for the other language is corrected to an example of the right one", async () => {
  const { user } = await open();

  await user.keyboard("c");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Language" }), "en");
  await user.type(screen.getByRole("combobox", { name: "What does it mean?" }), "returns{Enter}");

  await expect
    .poll(() => decided)
    .toEqual([{ id: 1, body: { decision: "correct", intent: "query_yield", language: "en" } }]);
});

test("what the bot took for nothing cannot be accepted", async () => {
  const { user } = await open();

  await user.keyboard("jj");
  expect(screen.queryByRole("button", { name: /^It is/ })).toBeNull();
  await user.keyboard("a");
  await user.keyboard("r");

  await expect.poll(() => decided).toEqual([{ id: 3, body: { decision: "reject" } }]);
});

test("what the server could not take comes back, and says why", async () => {
  const { user } = await open();
  server.use(http.post("*/api/v1/nlu/reviews/:id/decide", () => HttpResponse.error()));

  await user.keyboard("a");

  await waitFor(() => expect(screen.queryByText("first")).toBeTruthy());
  expect(decided).toEqual([]);
});

test("what somebody else decided meanwhile stays away", async () => {
  const { user } = await open();
  let refused = 0;
  server.use(
    http.post("*/api/v1/nlu/reviews/:id/decide", () => {
      refused += 1;
      return problem(409, "stale", "the review item was changed");
    }),
  );

  await user.keyboard("a");

  await expect.poll(() => refused).toBe(1);
  expect(screen.queryByText("first")).toBeNull();
});

test("an empty queue says so once the last item is decided", async () => {
  server.use(
    http.get("*/api/v1/nlu/reviews", () =>
      HttpResponse.json({ items: ITEMS.slice(0, 1), next: null }),
    ),
  );
  const { user } = await open();

  await user.keyboard("a");

  expect(await screen.findByText("Nothing waits for you")).toBeTruthy();
});
