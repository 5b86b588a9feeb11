import { neutralise } from "@attune/shared/text";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Trial, TrialDifference } from "../../api/types";
import { Button } from "../../components/Button";
import { LoadMore } from "../../components/LoadMore";
import type { TitleOf } from "../../lib/intents";
import { formatShare } from "../../lib/share";
import { trialDifferencesQuery } from "./queries";

type Props = { trial: Trial; titleOf: TitleOf };

/** What the tried release took for something else than the one in use. */
export function TrialDifferences({ trial, titleOf }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const list = useInfiniteQuery({
    ...trialDifferencesQuery,
    enabled: trial.differed > 0,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
  if (trial.differed === 0)
    return <p className="mt-3 text-[0.8125rem] text-muted">{t("trials.noDifferences")}</p>;
  return (
    <div className="mt-4">
      <div className="mb-1.5 flex items-center justify-between gap-3">
        <h3 className="text-[0.8125rem] font-medium text-ink">{t("trials.differences")}</h3>
        <Button
          size="sm"
          variant="ghost"
          busy={list.isRefetching}
          onClick={() => cache.invalidateQueries({ queryKey: ["trial"] })}
        >
          <RefreshCw aria-hidden />
          {t("trials.refresh")}
        </Button>
      </div>
      <ul className="max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line">
        {list.data?.map((difference) => (
          <li key={difference.id}>
            <Row difference={difference} titleOf={titleOf} />
          </li>
        ))}
      </ul>
      <LoadMore query={list} />
    </div>
  );
}

function Row({ difference, titleOf }: { difference: TrialDifference; titleOf: TitleOf }) {
  const { t, i18n } = useTranslation();
  const answer = (intent: string, probability: number) =>
    `${intent ? titleOf(intent) : t("trials.nothing")} ${formatShare(probability, i18n.language)}`;
  const { released_intent, released_probability, tried_intent, tried_probability } = difference;
  return (
    <Link
      to="/conversations/$id"
      params={{ id: difference.conversation_id }}
      className="grid gap-1 px-3.5 py-2.5 outline-offset-[-2px] hover:bg-hover"
    >
      <span className="text-sm break-words text-ink">{neutralise(difference.text)}</span>
      <span className="flex flex-wrap gap-x-4 text-[0.8125rem] text-muted">
        <span>{t("trials.inUse", { answer: answer(released_intent, released_probability) })}</span>
        <span>{t("trials.tried", { answer: answer(tried_intent, tried_probability) })}</span>
      </span>
    </Link>
  );
}
