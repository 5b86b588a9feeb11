import { neutralise } from "@attune/shared/text";
import { useTranslation } from "react-i18next";

import type { Difference } from "../../api/types";
import { Badge } from "../../components/Badge";
import type { TitleOf } from "../../lib/intents";

type Props = {
  differences: readonly Difference[];
  /** The numbers of the two releases. */
  number: number;
  other: number;
  titleOf: TitleOf;
};

/** The sentences that two releases take differently, with what each takes them for. */
export function Differences({ differences, number, other, titleOf }: Props) {
  const { t } = useTranslation();
  if (differences.length === 0) return null;
  return (
    <details open={differences.length <= 10}>
      <summary className="w-fit cursor-pointer rounded-md py-1 text-[0.8125rem] font-medium text-accent-ink">
        {t("releases.differences", { count: differences.length })}
      </summary>
      <ul className="mt-2 divide-y divide-line rounded-lg border border-line">
        {differences.map(({ language, text, expected, first, second }) => (
          <li key={`${language} ${text}`} className="grid gap-1.5 px-3.5 py-2.5">
            <span className="text-sm break-words text-ink">{neutralise(text)}</span>
            <span className="flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem] text-muted">
              <span>{t("releases.means", { intent: titleOf(expected) })}</span>
              <Answer
                number={number}
                intent={first}
                isRight={first === expected}
                titleOf={titleOf}
              />
              <Answer
                number={other}
                intent={second}
                isRight={second === expected}
                titleOf={titleOf}
              />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

type AnswerProps = { number: number; intent: string; isRight: boolean; titleOf: TitleOf };

function Answer({ number, intent, isRight, titleOf }: AnswerProps) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {t("releases.takes", { number, intent: titleOf(intent) })}
      <Badge tone={isRight ? "ok" : "danger"}>
        {t(isRight ? "releases.right" : "releases.wrong")}
      </Badge>
    </span>
  );
}
