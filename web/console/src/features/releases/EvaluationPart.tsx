import { useTranslation } from "react-i18next";

import type { Evaluation } from "../../api/types";
import { Figure } from "../../components/Figure";
import type { TitleOf } from "../../lib/intents";
import { formatShare } from "../../lib/share";
import { Confusions } from "./Confusions";
import { IntentTable } from "./IntentTable";
import type { ConfusionKey } from "./queries";

type Props = {
  release: number;
  evaluation: Evaluation;
  /** The confusion whose sentences are shown. */
  open: ConfusionKey;
  titleOf: TitleOf;
};

/** How a release did on the tests of a language: figures, what it takes for what, each intent. */
export function EvaluationPart({ release, evaluation, open, titleOf }: Props) {
  const { t, i18n } = useTranslation();
  const { language, tests, accuracy, top3, coverage, calibration_error } = evaluation;
  const share = (value: number) => formatShare(value, i18n.language);
  const title = t("releases.measured", { language: t(`language.${language}`), count: tests });
  return (
    <section aria-label={title}>
      <h2 className="mb-2.5 text-sm font-semibold text-ink">{title}</h2>
      <dl className="mb-4 grid grid-cols-2 gap-2.5 lg:grid-cols-4">
        <Figure
          name={t("releases.accuracy")}
          value={share(accuracy)}
          about={t("releases.accuracyAbout")}
        />
        <Figure name={t("releases.top3")} value={share(top3)} about={t("releases.top3About")} />
        <Figure
          name={t("releases.coverage")}
          value={share(coverage)}
          about={t("releases.coverageAbout")}
        />
        <Figure
          name={t("releases.calibration")}
          value={share(calibration_error)}
          about={t("releases.calibrationAbout")}
        />
      </dl>
      <Confusions release={release} evaluation={evaluation} open={open} titleOf={titleOf} />
      <IntentTable intents={evaluation.intents} titleOf={titleOf} />
    </section>
  );
}
