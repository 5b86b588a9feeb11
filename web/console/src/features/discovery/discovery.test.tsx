import { act, fireEvent, screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { demoHandlers } from "../../../test/demo";
import { FakeSocket } from "../../../test/FakeSocket";
import { ago } from "../../../test/fixtures";
import { problem, visit } from "../../../test/render";
import { server } from "../../../test/server";
import { discovery, FINDINGS, proposal } from "../../../test/training";
import type { Discovery } from "../../api/types";

/** What the server says of the last discovery, and what it is asked to look at. */
function serve(last: Discovery | null) {
  const served = { last, asked: [] as { type: string | null; body: string }[] };
  server.use(
    http.get("*/api/v1/nlu/discover", () => HttpResponse.json({ discovery: served.last })),
    http.post("*/api/v1/nlu/discover", async ({ request }) => {
      const type = request.headers.get("content-type");
      served.asked.push({ type, body: await request.text() });
      served.last = discovery({ state: "running", findings: null, ended_at: null });
      return HttpResponse.json(served.last, { status: 202 });
    }),
    ...demoHandlers,
  );
  return served;
}

const row = (name: string) =>
  within(document.querySelector(`[data-proposal="${name}"]`) as HTMLElement);

test("where nothing was discovered a discovery is begun, and its end shows by itself", async () => {
  const served = serve(null);
  const { user } = await visit("/training/discovery");
  await screen.findByText("Nothing discovered yet");

  await user.click(screen.getByRole("button", { name: "Discover" }));
  const days = screen.getByRole("spinbutton", { name: "Days to look back" });
  await user.clear(days);
  await user.type(days, "30");
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Discover" }));

  expect(await screen.findByText(/Looking at the conversations of the last 90 days/)).toBeTruthy();
  expect(served.asked).toEqual([{ type: "application/json", body: '{"days":30}' }]);
  expect(screen.getByRole("button", { name: "Discovering…" })).toHaveProperty("disabled", true);
  act(() => FakeSocket.last.welcome(7));
  served.last = discovery();
  act(() =>
    FakeSocket.last.receive({
      specversion: "1.0",
      id: "1/8",
      source: "/accounts/1",
      type: "discovery.updated",
      time: ago(0),
      data: { cursor: 8, id: 12, state: "done" },
    }),
  );
  expect(await screen.findByText("The 2 worth automating first")).toBeTruthy();
  expect(screen.getByText(/should take 13.1% of all conversations alone/)).toBeTruthy();
});

test("a table is sent as it is, and what is wrong with it is said", async () => {
  const served = serve(null);
  const { user } = await visit("/training/discovery");
  await user.click(await screen.findByRole("button", { name: "Discover" }));
  await user.click(screen.getByRole("radio", { name: /Past conversations/ }));
  const bytes = new Uint8Array([0xb7, 0xa2, 0xc6, 0xb1]);
  await user.upload(screen.getByLabelText("CSV file"), new File([bytes], "past.csv"));
  const refused = http.post("*/api/v1/nlu/discover", async ({ request }) => {
    served.asked.push({
      type: request.headers.get("content-type"),
      body: new Uint8Array(await request.arrayBuffer()).join(),
    });
    const errors = [{ pointer: "", detail: "line 1: the line is not UTF-8" }];
    const refusal = { type: "/problems/invalid", title: "Wrong fields", status: 422, errors };
    return HttpResponse.json(refusal, { status: 422 });
  });
  server.use(refused);

  // What jsdom knows of the file does not satisfy its own check of the form.
  fireEvent.submit(screen.getByLabelText("CSV file"));

  expect((await screen.findByRole("alert")).textContent).toContain("line 1: the line is not UTF-8");
  expect(served.asked).toEqual([{ type: "text/csv", body: bytes.join() }]);
});

test("a table that is too large is not sent", async () => {
  const served = serve(null);
  const { user } = await visit("/training/discovery");
  await user.click(await screen.findByRole("button", { name: "Discover" }));
  await user.click(screen.getByRole("radio", { name: /Past conversations/ }));
  const large = new File([new Uint8Array(16 * 1024 * 1024 + 1)], "past.csv");

  await user.upload(screen.getByLabelText("CSV file"), large);
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Discover" }));

  expect(screen.getByText(/larger than 16 MB/)).toBeTruthy();
  expect(served.asked).toEqual([]);
});

test("what was found stays on the page while a discovery runs, and when it fails", async () => {
  serve(discovery({ state: "failed", error: "look back fewer days" }));

  await visit("/training/discovery");

  expect((await screen.findByRole("alert")).textContent).toContain("look back fewer days");
  expect(screen.getByText("The 2 worth automating first")).toBeTruthy();
});

test("findings without anything that belongs together say so", async () => {
  serve(discovery({ findings: { ...FINDINGS, intents: [] } }));

  await visit("/training/discovery");

  expect(await screen.findByText("No questions that belong together")).toBeTruthy();
});

test("many proposals are shown a few at a time", async () => {
  const intents = Array.from({ length: 25 }, (_, at) => proposal({ name: `intent_${at}` }));
  serve(discovery({ findings: { ...FINDINGS, intents } }));
  const { user } = await visit("/training/discovery");
  await screen.findByText("25 intents that may be worth having");
  expect(document.querySelectorAll("[data-proposal]")).toHaveLength(20);

  await user.click(screen.getByRole("button", { name: "Show more" }));

  expect(document.querySelectorAll("[data-proposal]")).toHaveLength(25);
});

test("a new intent is made of the samples that a trainer picks", async () => {
  const added: unknown[] = [];
  serve(discovery());
  server.use(
    http.post("*/api/v1/nlu/intents", async ({ request }) => {
      added.push(await request.json());
      return HttpResponse.json({}, { status: 201 });
    }),
  );
  const { user } = await visit("/training/discovery");
  await user.click(await screen.findByRole("button", { name: "Make an intent of “取消订单”" }));
  await user.click(screen.getByRole("checkbox", { name: "不想要了怎么取消" }));
  const title = screen.getByRole("textbox", { name: "Title" });
  await user.clear(title);
  await user.type(title, "取消一个订单");
  await user.type(screen.getByRole("textbox", { name: "What the bot answers" }), "请打开订单。");
  await user.type(screen.getByRole("textbox", { name: "Title (English)" }), "Cancel an order");
  await user.type(screen.getByRole("textbox", { name: "Answer (English)" }), "Open the order.");

  await user.click(screen.getByRole("button", { name: "Add 4 sentences" }));

  await expect
    .poll(() => added)
    .toEqual([
      {
        name: "cancel_order",
        title: "取消一个订单",
        answer: "请打开订单。",
        language: "zh",
        translations: [{ language: "en", title: "Cancel an order", answer: "Open the order." }],
        examples: ["怎么取消订单", "订单能取消吗", "我要取消刚下的单", "取消订单在哪里操作"],
      },
    ]);
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
});

test("sentences that cannot be examples are named, and the rest is made an intent without them", async () => {
  const added: { examples: string[] }[] = [];
  serve(discovery());
  server.use(
    http.post("*/api/v1/nlu/intents", async ({ request }) => {
      const body = (await request.json()) as { examples: string[] };
      added.push(body);
      if (body.examples.length < 5) return HttpResponse.json({}, { status: 201 });
      const errors = [{ pointer: "/examples/1", detail: "another intent has this example" }];
      const refusal = { type: "/problems/invalid", title: "Wrong fields", status: 422, errors };
      return HttpResponse.json(refusal, { status: 422 });
    }),
  );
  const { user } = await visit("/training/discovery");
  await user.click(await screen.findByRole("button", { name: "Make an intent of “取消订单”" }));

  await user.click(screen.getByRole("button", { name: "Add 5 sentences" }));

  const refused = await screen.findByRole("checkbox", { name: /^订单能取消吗Cannot be added/ });
  expect(refused).toHaveProperty("disabled", true);
  await user.click(screen.getByRole("button", { name: "Add 4 sentences" }));
  await expect.poll(() => added.at(-1)?.examples).not.toContain("订单能取消吗");
});

test("what the bot knows already gets more examples in the language in which it was asked", async () => {
  const added: { text: string; language: string; intent: string }[] = [];
  serve(discovery());
  server.use(
    http.post("*/api/v1/nlu/examples", async ({ request }) => {
      const body = (await request.json()) as (typeof added)[number];
      if (body.text === "包裹到哪了") return problem(409, "example-is-test", "it is a test");
      added.push(body);
      return HttpResponse.json({ id: 1, ...body }, { status: 201 });
    }),
  );
  const { user } = await visit("/training/discovery");
  await screen.findByText("The bot takes it for: Track my order");
  await user.click(row("parcel_where").getByRole("button"));
  const intent = screen.getByRole("combobox", { name: "Intent" });
  expect(intent).toHaveProperty("value", "track_order");
  await user.click(screen.getByRole("checkbox", { name: /^my parcel/ }));

  await user.click(screen.getByRole("button", { name: "Add 2 sentences" }));

  expect(await screen.findByRole("checkbox", { name: /^包裹到哪了Cannot be added/ })).toBeTruthy();
  expect(added).toEqual([{ intent: "track_order", language: "zh", text: "快递几天没动了" }]);
  expect(screen.getByRole("checkbox", { name: /^快递几天没动了Added/ })).toBeTruthy();
});
