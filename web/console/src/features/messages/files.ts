/** Files of messages: sent first, then named by the message; read through short-lived addresses. */
import { queryOptions, useMutation } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";

/** A signed address is good for ten minutes; ask for another before that. */
const LINK_FRESH_MS = 8 * 60_000;

/** Sends a file to the server. */
export function useUpload() {
  return useMutation({
    mutationFn: (file: File) =>
      unwrap(
        api.POST("/api/v1/attachments", {
          // The document can only say "binary"; the serializer puts the file itself into the form.
          body: { file: file as unknown as string },
          bodySerializer: ({ file }) => {
            const form = new FormData();
            form.append("file", file as unknown as Blob);
            return form;
          },
        }),
      ),
  });
}

/** A short-lived address of a file. */
export function fileQuery(id: number) {
  return queryOptions({
    queryKey: ["files", id] as const,
    queryFn: () => unwrap(api.GET("/api/v1/attachments/{id}", { params: { path: { id } } })),
    staleTime: LINK_FRESH_MS,
    refetchInterval: LINK_FRESH_MS,
  });
}

/** Writes a size in the unit a person would choose. */
export function formatSize(bytes: number, locale: string): string {
  const [value, unit] =
    bytes < 1_048_576 ? [Math.max(1, bytes / 1_024), "kilobyte"] : [bytes / 1_048_576, "megabyte"];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
