import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Release } from "../../api/types";
import { Card } from "../../components/Card";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { ComparisonPart } from "../../features/releases/ComparisonPart";
import { EvaluationPart } from "../../features/releases/EvaluationPart";
import { type ConfusionKey, evaluationQuery } from "../../features/releases/queries";
import { TrainingProgress } from "../../features/releases/TrainingProgress";
import type { TitleOf } from "../../lib/intents";

type Props = {
  release: Release;
  inUse: Release | undefined;
  /** The confusion whose sentences are shown. */
  open: ConfusionKey;
  titleOf: TitleOf;
};

/** What there is to know of a release: its progress, why it failed, or how good it is. */
export function ReleaseParts({ release, ...rest }: Props) {
  const { t } = useTranslation();
  if (release.state === "training") {
    return (
      <Card className="p-4">
        <TrainingProgress release={release} />
        <p className="mt-3 text-[0.8125rem] leading-relaxed text-muted">
          {t("releases.trainingText")}
        </p>
      </Card>
    );
  }
  if (release.state === "failed") {
    return (
      <Card className="flex gap-3 p-4 text-sm leading-relaxed text-danger-ink">
        <CircleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0" />
        <span className="min-w-0 break-words">{release.error}</span>
      </Card>
    );
  }
  return <Trained release={release} {...rest} />;
}

function Trained({ release, inUse, open, titleOf }: Props) {
  const { t } = useTranslation();
  const evaluation = useQuery(evaluationQuery(release.id));
  return (
    <div className="grid gap-8">
      {inUse && inUse.id !== release.id && (
        <ComparisonPart release={release} inUse={inUse} titleOf={titleOf} />
      )}
      {evaluation.isPending && <Loading />}
      {evaluation.error && <ErrorState error={evaluation.error} onRetry={evaluation.refetch} />}
      {evaluation.data?.map((each) => (
        <EvaluationPart
          key={each.language}
          release={release.id}
          evaluation={each}
          open={open}
          titleOf={titleOf}
        />
      ))}
      {evaluation.data?.length === 0 && (
        <Card className="p-4 text-sm leading-relaxed text-muted">{t("releases.noTests")}</Card>
      )}
    </div>
  );
}
