import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "./Button";

/** The part of an infinite query that is needed to go on. */
type Pages = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
};

/** Fetches the next page when it comes into view; a button does the same. */
export function LoadMore({ query, label }: { query: Pages; label?: string }) {
  const { t } = useTranslation();
  const mark = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (!mark.current || !hasNextPage || isFetchingNextPage || isFetchNextPageError) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) fetchNextPage();
      },
      { rootMargin: "300px" },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  if (!hasNextPage) return null;
  return (
    <div ref={mark} className="flex justify-center p-3">
      <Button size="sm" variant="ghost" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
        {label ?? t("common.more")}
      </Button>
    </div>
  );
}
