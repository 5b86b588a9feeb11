import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleHelp, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Comparison, Release } from "../../api/types";
import { Card } from "../../components/Card";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import type { TitleOf } from "../../lib/intents";
import { Differences } from "./Differences";
import { comparisonQuery } from "./queries";
import { type Verdict, verdictOf } from "./verdict";

const LOOKS: Record<Verdict, { icon: LucideIcon; className: string }> = {
  better: { icon: CircleCheck, className: "bg-ok-soft text-ok-ink" },
  worse: { icon: TriangleAlert, className: "bg-danger-soft text-danger-ink" },
  chance: { icon: CircleHelp, className: "bg-warn-soft text-warn-ink" },
  same: { icon: CircleHelp, className: "bg-sunken text-soft" },
};

type Props = { release: Release; inUse: Release; titleOf: TitleOf };

/** How a release differs from the one in use, and whether that may be chance. */
export function ComparisonPart({ release, inUse, titleOf }: Props) {
  const { t } = useTranslation();
  const query = useQuery(comparisonQuery(release.id, inUse.id));
  return (
    <section aria-label={t("releases.compared", { number: inUse.number })}>
      <h2 className="mb-2.5 text-sm font-semibold text-ink">
        {t("releases.compared", { number: inUse.number })}
      </h2>
      <Card>
        {query.isPending && <Loading rows={2} />}
        {query.error && <ErrorState error={query.error} onRetry={query.refetch} />}
        {query.data && (
          <div className="grid gap-4 p-4">
            <InWords comparison={query.data} number={release.number} other={inUse.number} />
            <Counts comparison={query.data} number={release.number} other={inUse.number} />
            <Differences
              differences={query.data.differences}
              number={release.number}
              other={inUse.number}
              titleOf={titleOf}
            />
          </div>
        )}
      </Card>
    </section>
  );
}

type Sides = { comparison: Comparison; number: number; other: number };

function InWords({ comparison, number, other }: Sides) {
  const { t, i18n } = useTranslation();
  const verdict = verdictOf(comparison);
  const { icon: Icon, className } = LOOKS[verdict];
  const p = comparison.p_value.toLocaleString(i18n.language, { maximumSignificantDigits: 2 });
  return (
    <p
      data-verdict={verdict}
      className={`flex items-start gap-2.5 rounded-lg px-3.5 py-2.5 text-sm leading-relaxed ${className}`}
    >
      <Icon aria-hidden className="mt-1 size-4 shrink-0" />
      <span>
        <strong className="font-semibold">
          {t(`releases.verdict.${verdict}`, { number, other })}
        </strong>{" "}
        {t(`releases.verdictText.${verdict}`, { p })}
      </span>
    </p>
  );
}

function Counts({ comparison, number, other }: Sides) {
  const { t } = useTranslation();
  const { tests, both_right, only_first, only_second } = comparison;
  const counts = [
    [t("releases.bothRight"), both_right],
    [t("releases.onlyRight", { number }), only_first],
    [t("releases.onlyRight", { number: other }), only_second],
    [t("releases.bothWrong"), tests - both_right - only_first - only_second],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-[0.8125rem] sm:grid-cols-4">
      {counts.map(([name, count]) => (
        <div key={name}>
          <dt className="text-muted">{name}</dt>
          <dd className="text-base font-semibold text-ink tabular-nums">{count}</dd>
        </div>
      ))}
    </dl>
  );
}
