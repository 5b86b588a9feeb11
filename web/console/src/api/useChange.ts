import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

/** A change on the server after which everything under `queryKey` is fetched again. */
export function useChange<Input, Output>(
  queryKey: QueryKey,
  change: (input: Input) => Promise<Output>,
) {
  const cache = useQueryClient();
  return useMutation<Output, Error, Input>({
    mutationFn: change,
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  });
}
