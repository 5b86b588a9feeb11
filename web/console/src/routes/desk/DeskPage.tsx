import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { meQuery } from "../../features/auth/queries";
import { ConversationList } from "../../features/conversations/ConversationList";
import { FilterBar } from "../../features/conversations/FilterBar";
import { FilterPane } from "../../features/conversations/FilterPane";
import { completeFilters } from "../../features/conversations/filters";
import { countsQuery } from "../../features/conversations/queries";
import { inboxesQuery } from "../../features/inboxes/queries";
import { cn } from "../../lib/cn";
import { useDeskKeys } from "./useDeskKeys";

const route = getRouteApi("/app/conversations");

/** The desk: filters, list and, beside them or in their place, a conversation. */
export function DeskPage() {
  const { t } = useTranslation();
  const filters = completeFilters(route.useSearch());
  const { id } = useParams({ strict: false });
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: counts } = useQuery(countsQuery);
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  useDeskKeys(filters, id, me);

  return (
    <>
      <nav
        aria-label={t("filters.label")}
        className="w-48 shrink-0 overflow-y-auto border-r border-line bg-canvas max-lg:hidden"
      >
        <h1 className="px-5 pt-5 text-base font-semibold text-ink">{t("nav.conversations")}</h1>
        <FilterPane filters={filters} counts={counts} inboxes={inboxes} />
      </nav>
      <section
        aria-label={t("conversation.list")}
        className={cn(
          "flex min-h-0 w-full flex-col border-r border-line bg-surface md:w-80 md:shrink-0",
          id !== undefined && "max-md:hidden",
        )}
      >
        <header className="flex h-15 shrink-0 items-center justify-between border-b border-line px-4">
          <h2 className="text-sm font-semibold text-ink max-lg:text-base">
            {t(`filters.${filters.view}`)}
            <span className="ml-2 font-normal text-muted">{t(`status.${filters.status}`)}</span>
          </h2>
        </header>
        <div className="lg:hidden">
          <FilterBar filters={filters} counts={counts} inboxes={inboxes} />
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
          <ConversationList filters={filters} selected={id} />
        </div>
      </section>
      <Outlet />
    </>
  );
}
