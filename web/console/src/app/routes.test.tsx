/** The console as a whole, with the pretended server behind it. */
import { act, screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { demoHandlers } from "../../test/demo";
import { FakeSocket } from "../../test/FakeSocket";
import { ADA, ago, conversation, me } from "../../test/fixtures";
import { problem, visit } from "../../test/render";
import { server } from "../../test/server";
import { release } from "../../test/training";

test("whoever is not signed in comes to the login, and afterwards to where they wanted", async () => {
  let signedIn = false;
  server.use(
    http.get("*/api/v1/auth/me", () =>
      signedIn ? HttpResponse.json(me()) : problem(401, "signed-out", "sign in first"),
    ),
    http.post("*/api/v1/auth/login", () => {
      signedIn = true;
      return HttpResponse.json({ agent: ADA });
    }),
    ...demoHandlers,
  );
  const { router, user } = await visit("/conversations/9?status=open");
  expect(router.state.location.pathname).toBe("/login");

  await user.type(screen.getByLabelText("E-mail"), "ada@example.com");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  await expect.poll(() => router.state.location.pathname).toBe("/conversations/9");
});

test("a one-time link signs in, and its token leaves the address at once", async () => {
  const tokens: unknown[] = [];
  server.use(
    http.post("*/api/v1/auth/login-link", async ({ request }) => {
      tokens.push(await request.json());
      return HttpResponse.json({ agent: ADA });
    }),
    ...demoHandlers,
  );

  const { router } = await visit("/login?next=%2Fsearch#token=once-only");
  expect(router.state.location.href).not.toContain("once-only");

  await expect.poll(() => router.state.location.pathname).toBe("/search");
  expect(tokens).toEqual([{ token: "once-only" }]);
});

test.each(["//evil.example", "https://evil.example", "/\\evil.example"])(
  "after signing in nobody is sent to %s",
  async (next) => {
    server.use(http.get("*/api/v1/auth/me", () => problem(401, "signed-out", "sign in first")));

    const { router } = await visit(`/login?next=${encodeURIComponent(next)}`);

    expect(router.state.matches.at(-1)?.search).toEqual({ next: undefined });
  },
);

test("strange filters in a URL fall back to everybody's open conversations", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/v1/conversations", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [], next: null });
    }),
    ...demoHandlers,
  );

  await visit("/conversations?view=everything&status=closed&inbox=-1");

  await screen.findByText("No conversations here");
  expect(asked).toEqual(["?status=open&limit=30"]);
});

test("a conversation that is handed off appears at once", async () => {
  server.use(...demoHandlers);
  await visit("/conversations");
  const list = await screen.findByRole("region", { name: "Conversations" });
  await within(list).findByText("王建国");
  act(() => FakeSocket.last.welcome(7));

  act(() =>
    FakeSocket.last.receive({
      specversion: "1.0",
      id: "1/8",
      source: "/accounts/1",
      type: "conversation.handed_off",
      time: ago(0),
      data: {
        cursor: 8,
        conversation: conversation({
          id: 99,
          contact: { id: 77, name: "新来的客户", verified: false },
        }),
      },
    }),
  );

  await within(list).findByText("新来的客户");
});

test("j and k walk the list, and the URL follows", async () => {
  server.use(...demoHandlers);
  const { router, user } = await visit("/conversations?view=mine");
  await screen.findByText("欧阳静怡");

  await user.keyboard("j");
  await expect.poll(() => router.state.location.pathname).toBe("/conversations/9");
  await user.keyboard("j");
  await expect.poll(() => router.state.location.pathname).toBe("/conversations/13");
  await user.keyboard("k");
  await expect.poll(() => router.state.location.pathname).toBe("/conversations/9");

  expect(router.state.location.search).toMatchObject({ view: "mine" });
});

test("whoever may only read sees no way to act", async () => {
  server.use(
    http.get("*/api/v1/auth/me", () =>
      HttpResponse.json(
        me({ permissions: ["own_profile", "read_conversations", "read_directory"] }),
      ),
    ),
    ...demoHandlers,
  );

  await visit("/conversations/9");

  await screen.findByText("我想查询基金的收益情况");
  expect(screen.queryByRole("button", { name: "Resolve" })).toBeNull();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.queryByRole("button", { name: "Retract" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Edit contact" })).toBeNull();
});

test("the settings show only what an agent may open", async () => {
  const permissions = [
    "own_profile",
    "read_conversations",
    "write_conversations",
    "read_directory",
  ];
  server.use(
    http.get("*/api/v1/auth/me", () => HttpResponse.json(me({ permissions }))),
    ...demoHandlers,
  );

  await visit("/settings/agents");

  const nav = await screen.findByRole("navigation", { name: "Settings" });
  expect(within(nav).queryByRole("link", { name: "Agents" })).toBeTruthy();
  expect(within(nav).queryByRole("link", { name: "Webhooks" })).toBeNull();
  expect(within(nav).queryByRole("link", { name: "Account" })).toBeNull();
  await screen.findByText("Grace Hopper");
  expect(screen.queryByRole("button", { name: "Add agent" })).toBeNull();
  expect(screen.queryByRole("combobox")).toBeNull();
});

test("whoever may not train sees no way to it", async () => {
  server.use(
    http.get("*/api/v1/auth/me", () =>
      HttpResponse.json(me({ permissions: ["own_profile", "read_conversations"] })),
    ),
    ...demoHandlers,
  );

  await visit("/search");

  expect(await screen.findAllByRole("link", { name: "Search" })).not.toEqual([]);
  expect(screen.queryByRole("link", { name: "Training" })).toBeNull();
});

test("a training advances on the screen as it does on the server", async () => {
  let training = release({ id: 74, state: "training", step: "learning", progress: 10 });
  server.use(
    http.get("*/api/v1/nlu/releases", () => HttpResponse.json({ items: [training], next: null })),
    ...demoHandlers,
  );
  await visit("/training/releases");
  const bar = await screen.findByRole("progressbar", { name: "Learning" });
  expect(bar.getAttribute("aria-valuenow")).toBe("10");
  act(() => FakeSocket.last.welcome(7));

  training = { ...training, step: "testing", progress: 80 };
  act(() =>
    FakeSocket.last.receive({
      specversion: "1.0",
      id: "1/8",
      source: "/accounts/1",
      type: "release.updated",
      time: ago(0),
      data: { cursor: 8, id: 74, number: 7, state: "training", step: "testing", progress: 80 },
    }),
  );

  const later = await screen.findByRole("progressbar", { name: "Answering the tests" });
  expect(later.getAttribute("aria-valuenow")).toBe("80");
});

test("a confusion opens to its sentences, and the URL says which", async () => {
  server.use(...demoHandlers);
  const { router, user } = await visit("/training/releases/73");

  await user.click(await screen.findByRole("link", { name: /^Shipping costs/ }));

  expect(await screen.findByText("包裹另外收钱吗")).toBeTruthy();
  expect(router.state.location.search).toMatchObject({
    language: "zh",
    expected: "shipping_fee",
    found: "track_order",
  });
});

test("two releases are compared in words", async () => {
  server.use(...demoHandlers);

  await visit("/training/releases/73");

  expect(await screen.findByText("Release 6 is clearly better than release 4.")).toBeTruthy();
  expect(screen.getByText(/would be rare if both were equally good \(p = 0.016\)/)).toBeTruthy();
});

test("an address that leads nowhere says so", async () => {
  server.use(...demoHandlers);

  await visit("/nowhere");

  expect(await screen.findByText("There is no such page")).toBeTruthy();
});
