import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, PackageOpen } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Release } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { QueryList } from "../../components/QueryList";
import { formatShare } from "../../lib/share";
import { formatFull } from "../../lib/time";
import { releasesQuery } from "./queries";
import { ReleaseBadge } from "./ReleaseBadge";
import { TrainingProgress } from "./TrainingProgress";

/** The releases, newest first; one in training shows how far it is. */
export function ReleaseList() {
  const { t } = useTranslation();
  const releases = useQuery(releasesQuery);
  return (
    <QueryList
      query={releases}
      empty={
        <EmptyState icon={PackageOpen} title={t("releases.empty")}>
          {t("releases.emptyText")}
        </EmptyState>
      }
    >
      {(release) => <ReleaseRow release={release} />}
    </QueryList>
  );
}

function ReleaseRow({ release }: { release: Release }) {
  const { t, i18n } = useTranslation();
  const facts = [
    formatFull(release.created_at, i18n.language),
    release.metrics && t("releases.examples", { count: release.metrics.examples }),
  ];
  return (
    <Link
      to="/training/releases/$release"
      params={{ release: release.id }}
      data-release={release.number}
      className="flex items-center gap-3 px-4 py-3.5 hover:bg-hover"
    >
      <span className="grid min-w-0 flex-1 gap-1">
        <span className="flex flex-wrap items-center gap-2 text-sm font-medium text-ink">
          {t("releases.one", { number: release.number })}
          <ReleaseBadge state={release.state} />
        </span>
        {release.state === "training" ? (
          <TrainingProgress release={release} />
        ) : (
          <span className="text-[0.8125rem] text-muted">{facts.filter(Boolean).join(" · ")}</span>
        )}
        {release.error && (
          <span className="line-clamp-2 text-[0.8125rem] break-words text-danger-ink">
            {release.error}
          </span>
        )}
      </span>
      <Scores release={release} />
      <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
    </Link>
  );
}

/** How many of a hundred test sentences it understands, in each language. */
function Scores({ release }: { release: Release }) {
  const { t, i18n } = useTranslation();
  const tests = release.metrics?.tests ?? [];
  return (
    <span className="flex shrink-0 gap-4 max-sm:grid max-sm:gap-0.5">
      {tests.map(({ language, accuracy }) => (
        <span
          key={language}
          className="grid text-right max-sm:flex max-sm:flex-row-reverse max-sm:items-baseline max-sm:justify-end max-sm:gap-1.5"
        >
          <span className="text-sm font-medium text-ink tabular-nums">
            {formatShare(accuracy, i18n.language)}
          </span>
          <span className="text-xs text-muted">{t(`language.${language}`)}</span>
        </span>
      ))}
    </span>
  );
}
