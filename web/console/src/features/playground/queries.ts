import { useMutation } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";

/** What to ask; the release in use is asked if none is named. */
export type Question = { text: string; release_id?: number };

/** Asks a release what it makes of a text. The text stays out of the address: it may be a contact's. */
export function useParse() {
  return useMutation({
    mutationFn: (body: Question) => unwrap(api.POST("/api/v1/nlu/parse", { body })),
  });
}
