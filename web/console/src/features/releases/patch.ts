/** Keeps the list of releases up with what is told of them. */
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Release } from "../../api/types";
import { releasesQuery } from "./queries";

/** What an event tells of a release: how far it is, but not how good. */
export type ReleaseNews = Pick<Release, "id" | "state" | "step" | "progress">;

/** Shows how far a release is; late news does not set it back. */
export function patchRelease(cache: QueryClient, news: ReleaseNews): void {
  cache.setQueryData(releasesQuery.queryKey, (releases) =>
    releases?.map((release) =>
      release.id === news.id && release.state === "training" && release.progress <= news.progress
        ? { ...release, state: news.state, step: news.step, progress: news.progress }
        : release,
    ),
  );
}

/** Has a release trained from the examples as they are now. */
export function useTrain() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/nlu/releases")),
    onSuccess: (release) => putRelease(cache, release),
  });
}

/** Shows a release whose training was just asked for, unless it is there already. */
function putRelease(cache: QueryClient, release: Release): void {
  cache.setQueryData(releasesQuery.queryKey, (releases = []) =>
    releases.some(({ id }) => id === release.id) ? releases : [release, ...releases],
  );
}
