import { Link } from "@tanstack/react-router";
import { ArrowRight, ChevronDown, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Evaluation } from "../../api/types";
import { Card } from "../../components/Card";
import type { TitleOf } from "../../lib/intents";
import { Misses } from "./Misses";
import type { ConfusionKey } from "./queries";

type Props = { release: number; evaluation: Evaluation; open: ConfusionKey; titleOf: TitleOf };

/** Which intent was taken for which, the most frequent first; each opens to its sentences. */
export function Confusions({ release, evaluation, open, titleOf }: Props) {
  const { t } = useTranslation();
  const { language, confusions } = evaluation;
  return (
    <Card className="overflow-hidden">
      <h3 className="px-4 pt-3.5 pb-2 text-[0.8125rem] font-medium text-ink">
        {t("releases.confusions")}
        <span className="block text-xs font-normal text-muted">
          {t(confusions.length > 0 ? "releases.confusionsAbout" : "releases.noConfusions")}
        </span>
      </h3>
      <ul className="max-h-[28rem] divide-y divide-line overflow-y-auto">
        {confusions.map(({ expected, found, count }) => {
          const isOpen =
            open.language === language && open.expected === expected && open.found === found;
          const Mark = isOpen ? ChevronDown : ChevronRight;
          return (
            <li key={`${expected} ${found}`}>
              <Link
                to="/training/releases/$release"
                params={{ release }}
                search={isOpen ? {} : { language, expected, found }}
                resetScroll={false}
                replace
                aria-expanded={isOpen}
                className="flex items-center gap-2.5 px-4 py-2.5 text-sm text-ink outline-offset-[-2px] hover:bg-hover"
              >
                <Mark aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
                  <span>{titleOf(expected)}</span>
                  <ArrowRight aria-hidden className="size-3.5 shrink-0 text-muted" />
                  <span className="sr-only">{t("releases.takenFor")}</span>
                  <span>{titleOf(found)}</span>
                </span>
                <span className="shrink-0 text-[0.8125rem] text-muted tabular-nums">
                  {t("releases.sentences", { count })}
                </span>
              </Link>
              {isOpen && <Misses release={release} confusion={{ language, expected, found }} />}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
