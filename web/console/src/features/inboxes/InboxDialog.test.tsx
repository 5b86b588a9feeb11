import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ago } from "../../../test/fixtures";
import { show } from "../../../test/render";
import { server } from "../../../test/server";
import type { Inbox } from "../../api/types";
import { InboxDialog } from "./InboxDialog";

const INBOX = {
  id: 3,
  name: "Site",
  key: "in_abc",
  language: "en",
  greeting: "",
  allowed_origins: [],
  enforce_identity: false,
  identity_public_key: "",
  bot: true,
  created_at: ago(9),
} as unknown as Inbox;

test("says why a public key is refused, and saves one that is not", async () => {
  const sent: unknown[] = [];
  let closed = 0;
  server.use(
    http.patch("*/api/v1/inboxes/3", async ({ request }) => {
      const form = (await request.json()) as { identity_public_key: string };
      sent.push(form.identity_public_key);
      if (form.identity_public_key !== "PEM") {
        const detail = "cannot be read; give a public key in PEM";
        const errors = [{ pointer: "/identity_public_key", detail }];
        return HttpResponse.json(
          {
            type: "/problems/invalid",
            title: "Wrong fields",
            status: 422,
            code: "invalid",
            detail,
            errors,
          },
          { status: 422, headers: { "content-type": "application/problem+json" } },
        );
      }
      return HttpResponse.json({ ...INBOX, ...form });
    }),
  );
  const { user } = await show(<InboxDialog inbox={INBOX} onClose={() => (closed += 1)} />);
  const field = screen.getByLabelText("Public identity key");

  await user.type(field, "no");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/cannot be read/)).toBeTruthy();
  expect(closed).toBe(0);
  await user.clear(field);
  await user.type(field, "PEM");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await expect.poll(() => closed).toBe(1);
  expect(sent).toEqual(["no", "PEM"]);
});
