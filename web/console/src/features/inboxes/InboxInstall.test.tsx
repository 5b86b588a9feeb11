import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ago } from "../../../test/fixtures";
import { show } from "../../../test/render";
import { server } from "../../../test/server";
import type { Inbox } from "../../api/types";
import { InboxInstall } from "./InboxInstall";

const INBOX = {
  id: 3,
  name: "Site",
  key: "in_abc",
  language: "en",
  created_at: ago(9),
} as Inbox;

test("rotates the secret only when asked twice, and shows the new one", async () => {
  let rotations = 0;
  server.use(
    http.post("*/api/v1/inboxes/3/rotate-secret", () => {
      rotations += 1;
      return HttpResponse.json({ secret: "s3cret" });
    }),
  );
  const { user } = await show(<InboxInstall inbox={INBOX} />);

  await user.click(screen.getByRole("button", { name: "Rotate secret" }));
  expect(rotations).toBe(0);
  await user.click(screen.getByRole("button", { name: "Yes, rotate" }));

  expect(await screen.findByText("s3cret")).toBeTruthy();
  expect(rotations).toBe(1);
});

test("opens the way in for a company's own app, and shows its secret once", async () => {
  server.use(
    http.post("*/api/v1/inboxes/3/incoming-secret", () =>
      HttpResponse.json({ secret: "whsec_new" }),
    ),
  );
  const { user } = await show(<InboxInstall inbox={INBOX} />);
  expect(screen.queryByText(/incoming\/in_abc/)).toBeNull();

  await user.click(screen.getByRole("button", { name: "Draw a secret" }));

  expect(await screen.findByText("whsec_new")).toBeTruthy();
  expect(screen.getByText(/api\/v1\/incoming\/in_abc$/)).toBeTruthy();
});

test("closes the way in for a company's own app", async () => {
  let closings = 0;
  server.use(
    http.delete("*/api/v1/inboxes/3/incoming-secret", () => {
      closings += 1;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = await show(<InboxInstall inbox={{ ...INBOX, takes_incoming: true }} />);

  await user.click(screen.getByRole("button", { name: "Turn off" }));

  expect(await screen.findByRole("button", { name: "Draw a secret" })).toBeTruthy();
  expect(screen.queryByText(/incoming\/in_abc/)).toBeNull();
  expect(closings).toBe(1);
});
