import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";

import { ago } from "../../../test/fixtures";
import { problem, show } from "../../../test/render";
import { server } from "../../../test/server";
import { WebhookDialog } from "./WebhookDialog";

async function add() {
  const onSecret = vi.fn();
  const { user } = await show(<WebhookDialog onClose={() => undefined} onSecret={onSecret} />);
  await user.type(screen.getByLabelText("Address"), "https://crm.example/hook");
  await user.click(screen.getByRole("checkbox", { name: "conversation.rated" }));
  await user.click(screen.getByRole("button", { name: "Add webhook" }));
  return onSecret;
}

test("hands the secret on, once", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.post("*/api/v1/webhooks", async ({ request }) => {
      const body = (await request.json()) as { url: string; events: string[] };
      bodies.push(body);
      return HttpResponse.json(
        { id: 1, enabled: true, created_at: ago(0), secret: "whsec_abc", ...body },
        { status: 201 },
      );
    }),
  );

  const onSecret = await add();

  await expect.poll(() => onSecret.mock.calls).toEqual([["whsec_abc"]]);
  expect(bodies).toEqual([
    {
      url: "https://crm.example/hook",
      events: ["message.created", "conversation.handed_off", "conversation.rated"],
    },
  ]);
});

test("says why an address is refused", async () => {
  server.use(
    http.post("*/api/v1/webhooks", () =>
      problem(422, "address-refused", "the address is not public; use one that is"),
    ),
  );

  const onSecret = await add();

  expect((await screen.findByRole("alert")).textContent).toContain("use one that is");
  expect(onSecret).not.toHaveBeenCalled();
});
