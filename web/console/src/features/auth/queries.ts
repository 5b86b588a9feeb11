import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Agent } from "../../api/types";

/** Who is signed in and what they may do. */
export const meQuery = queryOptions({
  queryKey: ["auth", "me"] as const,
  queryFn: () => unwrap(api.GET("/api/v1/auth/me")),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Signs in with an e-mail address and a password. */
export function useLogin() {
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      unwrap(api.POST("/api/v1/auth/login", { body })),
  });
}

/**
 * Signs in with the token of a one-time link.
 *
 * A query rather than a mutation: the link is used up by its first use, so it
 * must be tried once however often the page renders.
 */
export function useLoginLink(token: string) {
  return useQuery({
    queryKey: ["auth", "login-link", token],
    queryFn: () => unwrap(api.POST("/api/v1/auth/login-link", { body: { token } })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Signs out here; the caller then leaves the page, so that nothing stays in memory. */
export function useLogout() {
  return useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/auth/logout")) });
}

/** Changes one's own password; the other sessions end. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      unwrap(api.POST("/api/v1/auth/password", { body })),
  });
}

/** Whether an agent takes work, from most to least. */
export const AVAILABILITIES = [
  "online",
  "away",
  "offline",
] as const satisfies Agent["availability"][];

/** Says whether the signed-in agent takes work now. */
export function useSetAvailability(agentId: number) {
  const cache = useQueryClient();
  return useMutation({
    meta: { reported: true },
    mutationFn: (availability: Agent["availability"]) =>
      unwrap(
        api.PATCH("/api/v1/agents/{id}", {
          params: { path: { id: agentId } },
          body: { availability },
        }),
      ),
    onSuccess: (agent) => cache.setQueryData(meQuery.queryKey, (me) => me && { ...me, agent }),
  });
}
