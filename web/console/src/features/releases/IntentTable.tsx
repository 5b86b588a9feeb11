import { useTranslation } from "react-i18next";

import type { Evaluation } from "../../api/types";
import { Bar } from "../../components/Bar";
import { IntentName } from "../../components/IntentName";
import type { TitleOf } from "../../lib/intents";
import { formatShare } from "../../lib/share";

type Props = { intents: Evaluation["intents"]; titleOf: TitleOf };

/** How each intent was recognised, the worst first. */
export function IntentTable({ intents, titleOf }: Props) {
  const { t, i18n } = useTranslation();
  const share = (value: number) => formatShare(value, i18n.language);
  const sorted = [...intents].sort((one, other) => one.f1 - other.f1);
  return (
    <details className="mt-3">
      <summary className="w-fit cursor-pointer rounded-md py-1 text-[0.8125rem] font-medium text-accent-ink">
        {t("releases.perIntent", { count: intents.length })}
      </summary>
      <div className="mt-2 overflow-x-auto rounded-xl border border-line bg-surface">
        <table className="w-full text-left text-[0.8125rem]">
          <thead className="text-xs text-muted">
            <tr className="border-b border-line [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
              <th scope="col">{t("intents.intent")}</th>
              <th scope="col">{t("releases.recall")}</th>
              <th scope="col">{t("releases.precision")}</th>
              <th scope="col" className="text-right">
                {t("releases.tests")}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {sorted.map(({ intent, tests, recall, precision }) => (
              <tr key={intent} className="[&>td]:px-4 [&>td]:py-2">
                <th scope="row" className="px-4 py-2 font-normal text-ink">
                  <IntentName name={intent} titleOf={titleOf} />
                </th>
                <td className="min-w-24 tabular-nums">
                  {share(recall)}
                  <Bar share={recall} className="mt-1" />
                </td>
                <td className="min-w-24 tabular-nums">
                  {share(precision)}
                  <Bar share={precision} className="mt-1" />
                </td>
                <td className="text-right text-muted tabular-nums">{tests}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
