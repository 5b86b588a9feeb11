import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ADA, conversation } from "../../../test/fixtures";
import { problem, show } from "../../../test/render";
import { server } from "../../../test/server";
import { conversationKeys } from "./keys";
import { TakeButton } from "./TakeButton";

test("says why a resolved conversation cannot be taken", async () => {
  server.use(
    http.post("*/api/v1/conversations/9/assign", () =>
      problem(409, "conversation-resolved", "the conversation is resolved; reopen it first"),
    ),
  );
  const { user } = await show(<TakeButton conversationId={9} me={ADA.id} />);

  await user.click(screen.getByRole("button", { name: "Take over" }));

  expect((await screen.findByRole("alert")).textContent).toContain("reopen it first");
});

test("takes the conversation for the signed-in agent and shows the result", async () => {
  const taken = conversation({ assignee: { id: ADA.id, name: ADA.name }, revision: 2 });
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/v1/conversations/9/assign", async ({ request }) => {
      asked.push([await request.json(), request.headers.get("X-Attune")]);
      return HttpResponse.json(taken);
    }),
  );
  const { user, cache } = await show(<TakeButton conversationId={9} me={ADA.id} />);
  cache.setQueryData(conversationKeys.detail(9), conversation());

  await user.click(screen.getByRole("button", { name: "Take over" }));

  await expect.poll(() => cache.getQueryData(conversationKeys.detail(9))).toEqual(taken);
  expect(asked).toEqual([[{ agent_id: ADA.id }, "1"]]);
});
