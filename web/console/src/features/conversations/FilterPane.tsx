import { Inbox, Layers, type LucideIcon, UserRound, UserRoundX } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Counts } from "../../api/types";
import { statusCount, viewCount } from "./counts";
import { FilterChoice as Choice } from "./FilterChoice";
import { FilterGroup as Group } from "./FilterGroup";
import { type Filters, STATUSES, VIEWS } from "./filters";
import { STATUS_ICONS } from "./statusIcons";

const VIEW_ICONS: Record<Filters["view"], LucideIcon> = {
  mine: UserRound,
  unassigned: UserRoundX,
  all: Layers,
};

type Props = {
  filters: Filters;
  counts: Counts | undefined;
  inboxes: { id: number; name: string }[];
};

/** Whose conversations, in which state, from which inbox; every choice is a link. */
export function FilterPane({ filters, counts, inboxes }: Props) {
  const { t } = useTranslation();
  return (
    <div className="grid grid-cols-1 gap-5 px-2.5 py-4">
      <Group label={t("filters.whose")}>
        {VIEWS.map((view) => (
          <Choice
            key={view}
            icon={VIEW_ICONS[view]}
            label={t(`filters.${view}`)}
            count={counts && viewCount(counts, view, filters)}
            chosen={filters.view === view}
            to={{ ...filters, view }}
          />
        ))}
      </Group>
      <Group label={t("filters.status")}>
        {STATUSES.map((status) => (
          <Choice
            key={status}
            icon={STATUS_ICONS[status]}
            label={t(`status.${status}`)}
            count={counts && statusCount(counts, status, filters)}
            chosen={filters.status === status}
            to={{ ...filters, status }}
          />
        ))}
      </Group>
      {inboxes.length > 1 && (
        <Group label={t("filters.inbox")}>
          <Choice
            icon={Inbox}
            label={t("filters.everyInbox")}
            chosen={filters.inbox === undefined}
            to={{ ...filters, inbox: undefined }}
          />
          {inboxes.map((inbox) => (
            <Choice
              key={inbox.id}
              icon={Inbox}
              label={inbox.name}
              chosen={filters.inbox === inbox.id}
              to={{ ...filters, inbox: inbox.id }}
            />
          ))}
        </Group>
      )}
    </div>
  );
}
