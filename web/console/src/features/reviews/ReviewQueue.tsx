import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Intent, ReviewItem } from "../../api/types";
import { Card } from "../../components/Card";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { LoadMore } from "../../components/LoadMore";
import { useHotkeys } from "../../lib/hotkeys";
import type { TitleOf } from "../../lib/intents";
import { acceptedIntent } from "./accepted";
import { CorrectDialog } from "./CorrectDialog";
import { type ReviewFilter, reviewCountQuery, reviewsQuery, useRefreshReviews } from "./queries";
import { ReviewRow } from "./ReviewRow";
import { useQueue } from "./useQueue";

const NONE: ReviewItem[] = [];

type Props = { filter: ReviewFilter; intents: readonly Intent[]; titleOf: TitleOf };

/** The queue, walked and decided by keyboard: j and k walk, a accepts, c corrects, r rejects. */
export function ReviewQueue({ filter, intents, titleOf }: Props) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    ...reviewsQuery(filter),
    select: (data) => data.pages.flatMap((page) => page.items),
  });
  const { waiting, selected, choose, walk, decide } = useQueue(list.data ?? NONE);
  const [correcting, setCorrecting] = useState<ReviewItem>();
  useNews();

  const accept = () => {
    if (selected && acceptedIntent(selected)) decide(selected, { decision: "accept" });
  };
  const reject = () => {
    if (selected) decide(selected, { decision: "reject" });
  };
  const correct = () => setCorrecting(selected);
  const next = () => walk(1);
  const previous = () => walk(-1);
  useHotkeys({
    j: next,
    k: previous,
    ArrowDown: next,
    ArrowUp: previous,
    a: once(accept),
    c: once(correct),
    r: once(reject),
  });

  if (list.isPending) {
    return (
      <Card>
        <Loading />
      </Card>
    );
  }
  if (!list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  return (
    <Card className="overflow-hidden">
      {waiting.length === 0 && !list.hasNextPage && (
        <EmptyState icon={CheckCheck} title={t("reviews.empty")}>
          {t("reviews.emptyText")}
        </EmptyState>
      )}
      <ul data-queue aria-label={t("training.reviews")} className="divide-y divide-line">
        {waiting.map((item) => (
          <li key={item.id}>
            <ReviewRow
              item={item}
              titleOf={titleOf}
              isSelected={item === selected}
              onSelect={() => choose(item.id)}
              onAccept={accept}
              onCorrect={correct}
              onReject={reject}
            />
          </li>
        ))}
      </ul>
      <LoadMore query={list} />
      {correcting && (
        <CorrectDialog
          item={correcting}
          intents={intents}
          titleOf={titleOf}
          onPick={(intent, language) => {
            setCorrecting(undefined);
            const isOther = language !== correcting.language;
            decide(correcting, { decision: "correct", intent, ...(isOther && { language }) });
          }}
          onClose={() => setCorrecting(undefined)}
        />
      )}
    </Card>
  );
}

/** Does something once for each press: a key that is held down must not decide the whole queue. */
function once(action: () => void) {
  return (event: KeyboardEvent) => {
    if (!event.repeat) action();
  };
}

/** Fetches the queue again when something has come into it; of what others decide, events tell. */
function useNews(): void {
  const { data: open } = useQuery(reviewCountQuery);
  const refresh = useRefreshReviews();
  const [before, setBefore] = useState(open);
  useEffect(() => {
    if (open === before) return;
    setBefore(open);
    if (before !== undefined && open !== undefined && open > before) refresh();
  }, [open, before, refresh]);
}
