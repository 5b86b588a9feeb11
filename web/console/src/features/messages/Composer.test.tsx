import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { message } from "../../../test/fixtures";
import { problem, show } from "../../../test/render";
import { server } from "../../../test/server";
import { Composer } from "./Composer";
import { writeDraft } from "./drafts";
import { Thread } from "./Thread";

type Sent = { client_id: string; text: string; attachments?: number[] };
const CANNED = [
  { id: 1, short_code: "hello", text: "Hello {{contact.name}}" },
  { id: 2, short_code: "thanks", text: "Thank you" },
];
const onTyping = vi.fn();
const desk = (
  <>
    <Thread conversation={9} contactName="林小雨" me={101} handoff={null} />
    <Composer
      conversation={9}
      canned={CANNED}
      renderCanned={async () => "Hello 林小雨"}
      onTyping={onTyping}
      field={null}
    />
  </>
);
const POLL = { timeout: 10_000 };
let sent: Sent[];

beforeEach(() => {
  sent = [];
  server.use(
    http.get("*/api/v1/conversations/9/messages", () =>
      HttpResponse.json({ items: [message()], next: null }),
    ),
    http.post("*/api/v1/conversations/9/messages", async ({ request }) => {
      const body = (await request.json()) as Sent;
      sent.push(body);
      return HttpResponse.json(
        message({ id: 1002, seq: 2, text: body.text, client_id: body.client_id }),
        { status: 201 },
      );
    }),
  );
});
afterEach(() => {
  writeDraft(9, { kind: "text", text: "", attachments: [] });
  onTyping.mockReset();
});

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox");

test("sends with Ctrl+Enter, once, and empties the field", async () => {
  const { user } = await show(desk);

  await user.type(field(), "on my way{Control>}{Enter}{/Control}");

  expect(await screen.findByText("on my way")).toBeTruthy();
  expect(field().value).toBe("");
  expect(sent.map(({ text }) => text)).toEqual(["on my way"]);
  expect(sent[0]?.client_id).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(onTyping).toHaveBeenCalled();
});

test("a plain Enter begins a new line", async () => {
  const { user } = await show(desk);

  await user.type(field(), "one{Enter}two");

  expect(field().value).toBe("one\ntwo");
  expect(sent).toEqual([]);
});

test("keeps what could not be sent, and sends it again under the same client id", async () => {
  const refused: string[] = [];
  server.use(
    http.post(
      "*/api/v1/conversations/9/messages",
      async ({ request }) => {
        refused.push(((await request.json()) as Sent).client_id);
        return problem(503, "resting", "try again in a moment");
      },
      { once: true },
    ),
  );
  const { user } = await show(desk);
  await user.type(field(), "hold on{Control>}{Enter}{/Control}");
  expect((await screen.findByRole("alert")).textContent).toContain("try again in a moment");

  await user.click(screen.getByRole("button", { name: "Try again" }));

  await expect.poll(() => screen.queryByRole("alert")).toBeNull();
  expect(sent.map(({ client_id }) => client_id)).toEqual(refused);
  expect(screen.getAllByText("hold on")).toHaveLength(1);
});

test("what the network loses is sent again by itself, in the order of writing", async () => {
  let losses = 2;
  const lost: string[] = [];
  server.use(
    http.post("*/api/v1/conversations/9/messages", async ({ request }) => {
      if (losses === 0) return;
      losses -= 1;
      lost.push(((await request.clone().json()) as Sent).text);
      return HttpResponse.error();
    }),
  );
  const { user } = await show(desk);

  await user.type(field(), "first{Control>}{Enter}{/Control}");
  await user.type(field(), "second{Control>}{Enter}{/Control}");

  await expect.poll(() => sent.map(({ text }) => text), POLL).toEqual(["first", "second"]);
  expect(lost).toEqual(["first", "first"]);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a note goes to colleagues and tells the contact nothing", async () => {
  const notes: string[] = [];
  server.use(
    http.post("*/api/v1/conversations/9/notes", async ({ request }) => {
      notes.push(((await request.json()) as Sent).text);
      return HttpResponse.json(message({ id: 1003, seq: null, kind: "note" }), { status: 201 });
    }),
  );
  const { user } = await show(desk);

  await user.click(screen.getByRole("tab", { name: "Note" }));
  await user.type(field(), "watch the fee");
  await user.click(screen.getByRole("button", { name: "Add note" }));

  await expect.poll(() => notes).toEqual(["watch the fee"]);
  expect(sent).toEqual([]);
  expect(onTyping).not.toHaveBeenCalled();
});

test("a slash offers canned responses; Enter takes one with its variables filled", async () => {
  const { user } = await show(desk);

  await user.type(field(), "/h");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
    "/helloHello {{contact.name}}",
    "/thanksThank you",
  ]);
  await user.keyboard("{Enter}");

  await expect.poll(() => field().value).toBe("Hello 林小雨");
  expect(screen.queryByRole("listbox")).toBeNull();
});

test("Escape closes the canned responses and leaves the text", async () => {
  const { user } = await show(desk);

  await user.type(field(), "/h{Escape}");

  expect(screen.queryByRole("listbox")).toBeNull();
  expect(field().value).toBe("/h");
});

test("a file is uploaded first and then named by the message", async () => {
  server.use(
    http.post("*/api/v1/attachments", () =>
      HttpResponse.json(
        {
          id: 5,
          name: "a.png",
          content_type: "image/png",
          size: 9,
          state: "scanning",
          width: 1,
          height: 1,
        },
        { status: 201 },
      ),
    ),
  );
  const { user } = await show(desk);
  const picker = document.querySelector("input[type=file]") as HTMLInputElement;

  await user.upload(picker, new File(["x"], "a.png", { type: "image/png" }));
  await screen.findByText("a.png");
  await user.click(screen.getByRole("button", { name: "Send" }));

  await expect
    .poll(() => sent.map(({ text, attachments }) => [text, attachments]))
    .toEqual([["", [5]]]);
});

test("a file that is refused says why", async () => {
  server.use(
    http.post("*/api/v1/attachments", () =>
      problem(415, "file-type", "this kind of file is not accepted; send a picture or a PDF"),
    ),
  );
  const { user } = await show(desk);
  const picker = document.querySelector("input[type=file]") as HTMLInputElement;

  await user.upload(picker, new File(["x"], "a.exe"));

  expect((await screen.findByRole("alert")).textContent).toContain("send a picture or a PDF");
});
