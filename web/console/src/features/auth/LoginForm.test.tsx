import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";

import { ADA } from "../../../test/fixtures";
import { problem, show } from "../../../test/render";
import { server } from "../../../test/server";
import { LoginForm } from "./LoginForm";

async function signIn() {
  const onDone = vi.fn();
  const { user } = await show(<LoginForm onDone={onDone} />);
  await user.type(screen.getByLabelText("E-mail"), " ada@example.com");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  return onDone;
}

test("signs in", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.post("*/api/v1/auth/login", async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json({ agent: ADA });
    }),
  );

  const onDone = await signIn();

  await expect.poll(() => onDone.mock.calls.length).toBe(1);
  expect(bodies).toEqual([{ email: "ada@example.com", password: "correct horse" }]);
});

test("says the server's reason when it is refused", async () => {
  server.use(
    http.post("*/api/v1/auth/login", () =>
      problem(429, "too-many-attempts", "too many attempts; wait 15 minutes"),
    ),
  );

  const onDone = await signIn();

  expect((await screen.findByRole("alert")).textContent).toContain("wait 15 minutes");
  expect(onDone).not.toHaveBeenCalled();
});
