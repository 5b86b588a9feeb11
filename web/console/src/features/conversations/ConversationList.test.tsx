import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ago, conversation } from "../../../test/fixtures";
import { problem, show } from "../../../test/render";
import { server } from "../../../test/server";
import { ConversationList } from "./ConversationList";

const OPEN = { view: "all", status: "open" } as const;

test("shows who, what was last said and by whom, and that it is unread", async () => {
  server.use(
    http.get("*/api/v1/conversations", () =>
      HttpResponse.json({
        items: [
          conversation(),
          conversation({
            id: 10,
            contact: { id: 2, name: "Olivia", verified: true },
            waiting_since: null,
            last_message: { text: "on **its** way", sender_kind: "agent", at: ago(3) },
          }),
        ],
        next: null,
      }),
    ),
  );

  await show(<ConversationList filters={OPEN} selected={undefined} />);

  const [unread, answered] = await screen.findAllByRole("listitem");
  expect(within(unread as HTMLElement).getByRole("img", { name: "Unread" })).toBeTruthy();
  expect(unread?.textContent).toContain("林小雨");
  expect(answered?.textContent).toContain("Agent: on its way");
  expect(within(answered as HTMLElement).queryByRole("img", { name: "Unread" })).toBeNull();
});

test("shows how a contact feels, and nothing while that is neutral", async () => {
  server.use(
    http.get("*/api/v1/conversations", () =>
      HttpResponse.json({
        items: [
          conversation({ mood: { emotion: "anger", strength: 0.84 } }),
          conversation({ id: 10, contact: { id: 2, name: "Olivia", verified: false } }),
        ],
        next: null,
      }),
    ),
  );

  await show(<ConversationList filters={OPEN} selected={undefined} />);

  const [angry, calm] = await screen.findAllByRole("listitem");
  expect(within(angry as HTMLElement).getByRole("img", { name: "Mood: Angry" })).toBeTruthy();
  expect(within(calm as HTMLElement).queryByRole("img", { name: /Mood/ })).toBeNull();
});

test("goes on with the next page, and shows nobody twice", async () => {
  server.use(
    http.get("*/api/v1/conversations", ({ request }) =>
      HttpResponse.json(
        new URL(request.url).searchParams.get("after") === "k2"
          ? { items: [conversation({ id: 9 }), conversation({ id: 7 })], next: null }
          : { items: [conversation({ id: 9 }), conversation({ id: 8 })], next: "k2" },
      ),
    ),
  );
  const { user } = await show(<ConversationList filters={OPEN} selected={undefined} />);

  await user.click(await screen.findByRole("button", { name: "Show more" }));

  await expect
    .poll(() => screen.getAllByRole("link").map((link) => link.dataset.conversation))
    .toEqual(["9", "8", "7"]);
});

test("says what to do when there is nothing", async () => {
  server.use(
    http.get("*/api/v1/conversations", () => HttpResponse.json({ items: [], next: null })),
  );

  await show(<ConversationList filters={{ view: "mine", status: "open" }} selected={undefined} />);

  expect(await screen.findByText(/Take one from “Unassigned”/)).toBeTruthy();
});

test("says why it failed, and tries again", async () => {
  server.use(
    http.get(
      "*/api/v1/conversations",
      () => problem(403, "not-today", "ask an owner for the right"),
      {
        once: true,
      },
    ),
    http.get("*/api/v1/conversations", () =>
      HttpResponse.json({ items: [conversation()], next: null }),
    ),
  );
  const { user } = await show(<ConversationList filters={OPEN} selected={undefined} />);
  expect((await screen.findByRole("alert")).textContent).toContain("ask an owner for the right");

  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByText("林小雨")).toBeTruthy();
});
