import { neutralise } from "@attune/shared/text";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { LoadMore } from "../../components/LoadMore";
import { formatShare } from "../../lib/share";
import { type ConfusionKey, missesQuery } from "./queries";

/** The sentences of a confusion, with how sure the release was of its error. */
export function Misses({ release, confusion }: { release: number; confusion: ConfusionKey }) {
  const { t, i18n } = useTranslation();
  const misses = useInfiniteQuery({
    ...missesQuery(release, confusion),
    select: (data) => data.pages.flatMap((page) => page.items),
  });
  if (misses.isPending) return <Loading rows={1} />;
  if (!misses.data) return <ErrorState error={misses.error} onRetry={misses.refetch} />;
  return (
    <>
      <ul aria-label={t("releases.missed")} className="grid gap-1 bg-canvas py-2.5 pr-4 pl-11">
        {misses.data.map(({ text, probability }) => (
          <li key={text} className="flex items-baseline justify-between gap-4 text-[0.8125rem]">
            <span className="min-w-0 break-words text-ink">{neutralise(text)}</span>
            <span className="shrink-0 text-muted tabular-nums">
              {t("releases.sure", { sure: formatShare(probability, i18n.language) })}
            </span>
          </li>
        ))}
      </ul>
      <LoadMore query={misses} />
    </>
  );
}
