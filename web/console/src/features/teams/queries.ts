import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import { everyPage } from "../../api/everyPage";
import { useChange } from "../../api/useChange";

/** The groups that agents work in. */
export const teamsQuery = queryOptions({
  queryKey: ["teams"] as const,
  queryFn: () => everyPage((query) => unwrap(api.GET("/api/v1/teams", { params: { query } }))),
});

/** What a team is made of. */
export type TeamForm = { name: string; agents: number[] };

/** Adds a team (without an id) or changes one, its members included. */
export function useSaveTeam() {
  return useChange(teamsQuery.queryKey, async ({ id, form }: { id?: number; form: TeamForm }) => {
    const { name } = form;
    const team = await unwrap(
      id === undefined
        ? api.POST("/api/v1/teams", { body: { name } })
        : api.PATCH("/api/v1/teams/{id}", { params: { path: { id } }, body: { name } }),
    );
    return unwrap(
      api.PUT("/api/v1/teams/{id}/agents", {
        params: { path: { id: team.id } },
        body: { agents: form.agents },
      }),
    );
  });
}

/** Removes a team; its conversations stay. */
export function useRemoveTeam() {
  return useChange(teamsQuery.queryKey, (id: number) =>
    unwrap(api.DELETE("/api/v1/teams/{id}", { params: { path: { id } } })),
  );
}
