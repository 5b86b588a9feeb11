import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ago } from "../../../test/fixtures";
import { show } from "../../../test/render";
import { server } from "../../../test/server";
import { SessionList } from "./SessionList";

const session = (id: number, current: boolean) => ({
  id,
  current,
  user_agent: current ? "Firefox/140 Linux" : "Chrome/142 Windows",
  ip: "203.0.113.8",
  created_at: ago(9),
  last_seen_at: ago(1),
  expires_at: ago(-90),
});

test("signs out elsewhere, never here", async () => {
  let sessions = [session(1, true), session(2, false)];
  server.use(
    http.get("*/api/v1/auth/sessions", () => HttpResponse.json({ items: sessions, next: null })),
    http.delete("*/api/v1/auth/sessions/:id", ({ params }) => {
      sessions = sessions.filter(({ id }) => String(id) !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = await show(<SessionList />);
  const [here, there] = await screen.findAllByRole("listitem");
  expect(within(here as HTMLElement).queryByRole("button")).toBeNull();

  await user.click(within(there as HTMLElement).getByRole("button", { name: "Sign out" }));

  await expect.poll(() => screen.getAllByRole("listitem")).toHaveLength(1);
  expect(screen.getByText("This device")).toBeTruthy();
});
