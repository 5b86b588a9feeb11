import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "../../api/client";
import type { Account } from "../../api/types";
import { useChange } from "../../api/useChange";

/** The company's own settings. */
export const accountQuery = queryOptions({
  queryKey: ["account"] as const,
  queryFn: () => unwrap(api.GET("/api/v1/account")),
});

/** What can be set of the account. */
export type AccountForm = Pick<Account, "name" | "language" | "time_zone">;

/** Changes the account. */
export function useUpdateAccount() {
  return useChange(accountQuery.queryKey, (body: AccountForm) =>
    unwrap(api.PATCH("/api/v1/account", { body })),
  );
}
