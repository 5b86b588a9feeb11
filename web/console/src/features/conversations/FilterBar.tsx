import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Counts } from "../../api/types";
import { Select } from "../../components/Select";
import { cn } from "../../lib/cn";
import { Count } from "./Count";
import { viewCount } from "./counts";
import { type Filters, parseSearch, STATUSES, VIEWS } from "./filters";

type Props = {
  filters: Filters;
  counts: Counts | undefined;
  inboxes: { id: number; name: string }[];
};

/** The filters where there is no room for a pane. */
export function FilterBar({ filters, counts, inboxes }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const choose = (change: Record<string, string>) =>
    navigate({ to: "/conversations", search: parseSearch({ ...filters, ...change }) });

  return (
    <div className="grid gap-2.5 border-b border-line px-3 py-2.5">
      <nav aria-label={t("filters.whose")} className="flex rounded-lg bg-sunken p-0.5">
        {VIEWS.map((view) => (
          <Link
            key={view}
            to="/conversations"
            search={{ ...filters, view }}
            aria-current={filters.view === view ? "true" : undefined}
            className={cn(
              "flex h-8 min-w-0 flex-1 items-center justify-center gap-1.5 rounded-md px-1 text-[0.8125rem]",
              filters.view === view ? "bg-surface font-medium text-ink shadow-xs" : "text-muted",
            )}
          >
            <span className="truncate">{t(`filters.${view}`)}</span>
            <Count value={counts && viewCount(counts, view, filters)} />
          </Link>
        ))}
      </nav>
      <div className="flex gap-2">
        <Select
          aria-label={t("filters.status")}
          className="min-w-0 flex-1"
          value={filters.status}
          onChange={(event) => choose({ status: event.target.value })}
        >
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </Select>
        {inboxes.length > 1 && (
          <Select
            aria-label={t("filters.inbox")}
            className="min-w-0 flex-1"
            value={filters.inbox ?? ""}
            onChange={(event) => choose({ inbox: event.target.value })}
          >
            <option value="">{t("filters.everyInbox")}</option>
            {inboxes.map((inbox) => (
              <option key={inbox.id} value={inbox.id}>
                {inbox.name}
              </option>
            ))}
          </Select>
        )}
      </div>
    </div>
  );
}
