import { useTranslation } from "react-i18next";

import type { Release } from "../../api/types";
import { Progress } from "../../components/Progress";

/** How far a training is, and what it is at. */
export function TrainingProgress({ release }: { release: Release }) {
  const { t } = useTranslation();
  return <Progress label={t(`releases.step.${release.step}`)} percent={release.progress} />;
}
