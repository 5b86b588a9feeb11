import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import type { Trial } from "../../api/types";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { toast } from "../../components/toasts";
import type { TitleOf } from "../../lib/intents";
import { formatShare } from "../../lib/share";
import { trialQuery, useEndTrial } from "./queries";
import { TrialDifferences } from "./TrialDifferences";

type Props = {
  /** The number of a release, by its id. */
  numberOf: (release: number) => number | undefined;
  titleOf: TitleOf;
};

/** The trial that runs: what it has come to, and its end; nothing if none runs. */
export function TrialCard({ numberOf, titleOf }: Props) {
  const { t } = useTranslation();
  const { data: trial } = useQuery(trialQuery);
  const end = useEndTrial();
  if (!trial) return null;
  const number = numberOf(trial.release_id) ?? "?";
  const name = t(`trials.running.${trial.kind}`, { number, share: trial.share });
  return (
    <section aria-label={name}>
      <Card className="mb-5 p-4">
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div className="flex min-w-0 flex-1 basis-72 gap-3">
            <FlaskConical aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-ink" />
            <div>
              <h2 className="text-sm font-semibold text-ink">{name}</h2>
              <p className="mt-0.5 text-[0.8125rem] leading-relaxed text-muted">
                {t(`trials.kindAbout.${trial.kind}`)}
              </p>
            </div>
          </div>
          <Button
            size="sm"
            busy={end.isPending}
            onClick={() =>
              end.mutate(undefined, { onError: (error) => toast(explain(error, t), "danger") })
            }
          >
            {t("trials.end")}
          </Button>
        </div>
        <Counts trial={trial} />
        <TrialDifferences trial={trial} titleOf={titleOf} />
      </Card>
    </section>
  );
}

function Counts({ trial }: { trial: Trial }) {
  const { t, i18n } = useTranslation();
  const { turns, differed, answered, answered_handoffs, other_handoffs } = trial;
  const part = (of: number, whole: number) =>
    whole > 0 ? `${of} · ${formatShare(of / whole, i18n.language)}` : String(of);
  const counts = [
    [t("trials.turns"), String(turns)],
    [t("trials.differed"), part(differed, turns)],
    ...(trial.kind === "gray"
      ? [
          [t("trials.answered"), part(answered, turns)],
          [t("trials.answeredHandoffs"), part(answered_handoffs, answered)],
          [t("trials.otherHandoffs"), part(other_handoffs, turns - answered)],
        ]
      : []),
  ] as [string, string][];
  return (
    <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-2 text-[0.8125rem] sm:grid-cols-5">
      {counts.map(([name, count]) => (
        <div key={name}>
          <dt className="text-muted">{name}</dt>
          <dd className="text-base font-semibold text-ink tabular-nums">{count}</dd>
        </div>
      ))}
    </dl>
  );
}
