import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, unwrap } from "../../api/client";
import type { Intent } from "../../api/types";
import { intentTitles } from "../../lib/intents";

/** What the bot knows, by name. */
export const intentsQuery = queryOptions({
  queryKey: ["intents"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/nlu/intents"))).items,
});

const NONE: Intent[] = [];

/** The intents, and what to call each in the language of the page. */
export function useIntents() {
  const { i18n } = useTranslation();
  const { data: intents = NONE } = useQuery(intentsQuery);
  return { intents, titleOf: intentTitles(intents, i18n.language) };
}
