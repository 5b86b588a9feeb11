import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { countsQuery } from "../features/conversations/queries";

/** Shows in the title of the page how many conversations nobody has. */
export function useTitle(): void {
  const { t } = useTranslation();
  const { data } = useQuery(countsQuery);
  const waiting = data?.unassigned ?? 0;
  useEffect(() => {
    document.title = waiting > 0 ? t("nav.titleWaiting", { waiting }) : t("nav.title");
  }, [waiting, t]);
}
