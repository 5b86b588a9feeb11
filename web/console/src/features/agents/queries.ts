import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import type { Agent, Role } from "../../api/types";
import { useChange } from "../../api/useChange";

/** The roles, from the widest rights to the narrowest. */
export const ROLES = ["owner", "supervisor", "agent", "trainer"] as const satisfies Role[];

/** Everybody who works here. */
export const agentsQuery = queryOptions({
  queryKey: ["agents"] as const,
  queryFn: () => everyPage((query) => unwrap(api.GET("/api/v1/agents", { params: { query } }))),
});

/** Adds an agent. */
export function useCreateAgent() {
  return useChange(
    agentsQuery.queryKey,
    (body: { name: string; email: string; role: Role; password: string }) =>
      unwrap(api.POST("/api/v1/agents", { body })),
  );
}

/** Changes an agent. */
export function useUpdateAgent() {
  return useChange(
    agentsQuery.queryKey,
    ({ id, ...body }: { id: number } & Partial<Pick<Agent, "name" | "role" | "status">>) =>
      unwrap(api.PATCH("/api/v1/agents/{id}", { params: { path: { id } }, body })),
  );
}
