import { act, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";

import { ADA, message } from "../../../test/fixtures";
import { show } from "../../../test/render";
import { server } from "../../../test/server";
import type { Message } from "../../api/types";
import { messageKeys } from "./keys";
import { putMessage, type ThreadPages } from "./patch";
import { Thread } from "./Thread";

const ADA_SAYS = { kind: "agent", id: ADA.id, name: "Ada" } as const;
const thread = (
  <Thread conversation={9} contactName="林小雨" me={ADA.id} handoff={<p>the summary</p>} />
);
let items: Message[];

beforeEach(() => {
  items = [message()];
  server.use(
    http.get("*/api/v1/conversations/9/messages", () => HttpResponse.json({ items, next: null })),
  );
});

test("shows what the contact said as text, never as markup", async () => {
  items = [message({ text: "<img src=x onerror=alert(1)> **bold**" })];

  await show(thread);

  expect(await screen.findByText("<img src=x onerror=alert(1)> **bold**")).toBeTruthy();
  expect(document.querySelector("img")).toBeNull();
});

test("renders the Markdown of bots, without anything that could run", async () => {
  items = [
    message({
      sender: { kind: "bot", id: null, name: "小知" },
      text: "**Yield** [page](javascript:alert(1)) <script>alert(1)</script>",
      quick_replies: [{ title: "A person", value: "person" }],
    }),
  ];

  await show(thread);

  const article = await screen.findByRole("article", { name: "Message from 小知" });
  expect(article.querySelector("strong")?.textContent).toBe("Yield");
  expect(article.querySelector("a, script")).toBeNull();
  expect(screen.getByRole("list", { name: "Quick replies" }).textContent).toBe("A person");
});

test("sets notes apart and shows the summary where the bot handed over", async () => {
  items = [
    message({ kind: "activity", activity: "handed_off", text: "a person will answer" }),
    message({ id: 1002, seq: null, kind: "note", sender: ADA_SAYS, text: "check the fee" }),
  ];

  await show(thread);

  const note = await screen.findByRole("article", { name: "Note by Ada" });
  const summary = screen.getByText("the summary");
  expect(note.textContent).toContain("check the fee");
  expect(summary.compareDocumentPosition(note)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

test("lets an agent retract what they said, and only that", async () => {
  items = [message(), message({ id: 1002, seq: 2, sender: ADA_SAYS, text: "wrong window" })];
  const retracted: string[] = [];
  server.use(
    http.delete("*/api/v1/conversations/9/messages/:id", ({ params }) => {
      retracted.push(String(params.id));
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = await show(thread);
  await screen.findByText("wrong window");

  await user.click(screen.getByRole("button", { name: "Retract" }));

  expect(await screen.findByText("This message was retracted")).toBeTruthy();
  expect(screen.queryByText("wrong window")).toBeNull();
  expect(retracted).toEqual(["1002"]);
});

test("lets an agent report what the bot misunderstood, and only what was for the bot", async () => {
  items = [
    message({ text: "吃了能赔吗" }),
    message({ id: 1002, seq: 2, sender: { kind: "bot", id: null, name: "小知" }, text: "运费…" }),
    message({ id: 1003, seq: 3, kind: "activity", activity: "handed_off", text: "" }),
    message({ id: 1004, seq: 4, text: "人工您好" }),
  ];
  const reported: unknown[] = [];
  server.use(
    http.post("*/api/v1/nlu/reviews", async ({ request }) => {
      reported.push(await request.json());
      return HttpResponse.json({}, { status: 201 });
    }),
  );
  const { user } = await show(thread);
  await screen.findByText("人工您好");

  await user.click(screen.getByRole("button", { name: "The bot misunderstood this" }));

  expect(await screen.findByText(/^In the review queue/)).toBeTruthy();
  expect(reported).toEqual([{ conversation_id: 9, seq: 1 }]);
});

test("reads new messages of the contact aloud, not those that were there", async () => {
  const { cache } = await show(thread);
  const aloud = () => document.querySelector("[aria-live=polite].sr-only")?.textContent;
  await screen.findByText("你好");
  expect(aloud()).toBe("");

  items = [message(), message({ id: 1002, seq: 2, text: "有人吗" })];
  await cache.invalidateQueries();

  await expect.poll(aloud).toBe("Message from 林小雨: 有人吗");
});

test("holds a file back until it is clean, and says what became of it", async () => {
  const file = {
    id: 71,
    name: "bill.pdf",
    content_type: "application/pdf",
    size: 2_048,
    width: null,
    height: null,
  };
  items = [message({ text: "here", attachments: [{ ...file, state: "scanning" }] })];
  const { cache } = await show(thread);
  const article = await screen.findByRole("article");
  expect(article.textContent).toContain("Security check…");
  expect(article.querySelector("a")).toBeNull();

  const judge = (state: "clean" | "refused") =>
    act(() =>
      cache.setQueryData<ThreadPages>(
        messageKeys.thread(9),
        (data) =>
          data && putMessage(data, message({ text: "here", attachments: [{ ...file, state }] })),
      ),
    );
  judge("refused");

  await expect.poll(() => article.textContent).toContain("Did not pass the security check");
  expect(article.querySelector("[aria-live]")?.textContent).toBe(
    "bill.pdf did not pass the security check",
  );
  expect(article.querySelector("a")).toBeNull();
});
