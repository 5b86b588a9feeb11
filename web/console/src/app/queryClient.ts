import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { problemOf } from "../api/client";

const RETRIES_MAX = 2;

/** Whom the cache tells about errors that no component can handle. */
export type CacheOwner = {
  /** The server does not know us any more. */
  onSignedOut: () => void;
  /** A change failed that has no place of its own to say so: its `meta.reported` is set. */
  onFailed: (error: Error) => void;
};

/**
 * Makes the cache that holds all server data.
 *
 * Live events keep it fresh, so nothing is fetched again by the clock.
 */
export function createQueryClient({ onSignedOut, onFailed }: CacheOwner): QueryClient {
  const onError = (error: Error) => {
    if (problemOf(error)?.problem.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        onError(error);
        if (mutation.meta?.reported) onFailed(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
      },
      mutations: { networkMode: "always" },
    },
  });
}

/** Tells whether trying again may help: the network failed, or the server was busy. */
function isPassing(error: Error): boolean {
  const status = problemOf(error)?.problem.status;
  return status === undefined || status === 429 || status >= 500;
}
