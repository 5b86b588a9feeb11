import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";

/** The largest table that the server reads. */
export const TABLE_BYTES_MAX = 16 * 1024 * 1024;

/** How many days a discovery may look back, and how many it does unless somebody says otherwise. */
export const DAYS_MAX = 730;
export const DAYS_USUAL = 90;

/** The last discovery, or the one under way; null if there was none. Events tell when it ends. */
export const discoveryQuery = queryOptions({
  queryKey: ["discovery"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/nlu/discover"))).discovery ?? null,
});

/** Where to look: in the conversations of the last days, or in a table of past ones. */
export type Source = { days: number } | { table: File };

/** Has what contacts ask about found. */
export function useDiscover() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (source: Source) =>
      unwrap("table" in source ? sendTable(source.table) : sendDays(source.days)),
    onSuccess: (begun) => cache.setQueryData(discoveryQuery.queryKey, begun),
  });
}

function sendDays(days: number) {
  return api.POST("/api/v1/nlu/discover", { body: { days } });
}

/** Sends the bytes as they are: the server says if their encoding is not what it can read. */
async function sendTable(table: File) {
  const bytes = new Uint8Array(await table.arrayBuffer());
  return api.POST("/api/v1/nlu/discover", {
    body: table.name,
    bodySerializer: () => bytes,
    headers: { "Content-Type": "text/csv" },
  });
}
