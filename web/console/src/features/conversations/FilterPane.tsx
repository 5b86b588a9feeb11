import { Link } from "@tanstack/react-router";
import { CircleDot, Inbox, type LucideIcon, UserRound, UserRoundX } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Counts } from "../../api/types";
import { cn } from "../../lib/cn";
import { type Filters, STATUSES, VIEWS } from "./filters";

const VIEW_ICONS: Record<Filters["view"], LucideIcon> = {
  mine: UserRound,
  unassigned: UserRoundX,
  all: Inbox,
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
    <div className="grid gap-5 px-2 py-3">
      <Group label={t("filters.whose")}>
        {VIEWS.map((view) => (
          <Choice
            key={view}
            icon={VIEW_ICONS[view]}
            label={t(`filters.${view}`)}
            count={counts?.[view]}
            chosen={filters.view === view}
            to={{ ...filters, view }}
          />
        ))}
      </Group>
      <Group label={t("filters.status")}>
        {STATUSES.map((status) => (
          <Choice
            key={status}
            label={t(`status.${status}`)}
            count={counts?.[status]}
            chosen={filters.status === status}
            to={{ ...filters, status }}
          />
        ))}
      </Group>
      {inboxes.length > 1 && (
        <Group label={t("filters.inbox")}>
          <Choice
            label={t("filters.everyInbox")}
            chosen={filters.inbox === undefined}
            to={{ ...filters, inbox: undefined }}
          />
          {inboxes.map((inbox) => (
            <Choice
              key={inbox.id}
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

function Group({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <section aria-label={label}>
      <h3 className="px-2.5 pb-1 text-xs font-medium text-muted">{label}</h3>
      <ul className="grid gap-0.5">{children}</ul>
    </section>
  );
}

type ChoiceProps = {
  icon?: LucideIcon;
  label: string;
  count?: number | undefined;
  chosen: boolean;
  to: Filters;
};

function Choice({ icon: Icon = CircleDot, label, count, chosen, to }: ChoiceProps) {
  return (
    <li>
      <Link
        to="/conversations"
        search={to}
        aria-current={chosen ? "true" : undefined}
        className={cn(
          "flex h-8 items-center gap-2.5 rounded-lg px-2.5 text-[0.8125rem] transition-colors",
          chosen ? "bg-accent-soft font-medium text-accent-ink" : "text-ink hover:bg-hover",
        )}
      >
        <Icon aria-hidden className={cn("size-4 shrink-0", !chosen && "text-muted")} />
        <span className="min-w-0 flex-1 truncate">{label}</span>
        {count !== undefined && count > 0 && (
          <span className={cn("text-xs tabular-nums", !chosen && "text-muted")}>{count}</span>
        )}
      </Link>
    </li>
  );
}
