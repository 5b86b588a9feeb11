import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Counts } from "../../api/types";
import { Select } from "../../components/Select";
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
  const counted = (label: string, count: number | undefined) =>
    count ? t("filters.counted", { label, count }) : label;

  return (
    <div className="flex gap-2 border-b border-line px-3 py-2.5">
      <Select
        aria-label={t("filters.whose")}
        className="min-w-0 flex-1"
        value={filters.view}
        onChange={(event) => choose({ view: event.target.value })}
      >
        {VIEWS.map((view) => (
          <option key={view} value={view}>
            {counted(t(`filters.${view}`), counts?.[view])}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t("filters.status")}
        className="min-w-0 flex-1"
        value={filters.status}
        onChange={(event) => choose({ status: event.target.value })}
      >
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {counted(t(`status.${status}`), counts?.[status])}
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
  );
}
