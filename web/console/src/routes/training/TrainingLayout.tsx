import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { reviewCountQuery } from "../../features/reviews/queries";

const TABS = [
  { name: "reviews", to: "/training/reviews" },
  { name: "discovery", to: "/training/discovery" },
  { name: "examples", to: "/training/examples" },
  { name: "releases", to: "/training/releases" },
  { name: "playground", to: "/training/playground" },
] as const;

/** What the bot learns from and what it has learned: a row of pages, and one of them. */
export function TrainingLayout() {
  const { t } = useTranslation();
  const { data: waiting = 0 } = useQuery(reviewCountQuery);
  return (
    <div className="flex min-w-0 flex-1 flex-col bg-canvas">
      <nav
        aria-label={t("nav.training")}
        className="flex shrink-0 gap-1 overflow-x-auto max-sm:gap-0 border-b border-line bg-surface px-2 sm:px-6"
      >
        {TABS.map(({ name, to }) => (
          <Link
            key={name}
            to={to}
            className="flex h-12 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm text-muted max-sm:px-2 max-sm:text-[0.8125rem] outline-offset-[-4px] transition-colors hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            activeOptions={{ includeSearch: false }}
          >
            {t(`training.${name}`)}
            {name === "reviews" && waiting > 0 && (
              <span className="rounded-full bg-accent-soft px-1.5 text-xs font-medium text-accent-ink tabular-nums">
                {waiting}
              </span>
            )}
          </Link>
        ))}
      </nav>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Outlet />
      </div>
    </div>
  );
}
