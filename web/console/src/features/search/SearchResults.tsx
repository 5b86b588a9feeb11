import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX, TextSearch } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "../../components/Card";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { LoadMore } from "../../components/LoadMore";
import { searchQuery } from "./queries";
import { SearchResult } from "./SearchResult";

/** The messages that were found. */
export function SearchResults({ q }: { q: string }) {
  const { t } = useTranslation();
  const results = useInfiniteQuery({
    ...searchQuery(q),
    select: (data) => data.pages.flatMap((page) => page.items),
  });

  if (q === "") {
    return (
      <EmptyState icon={TextSearch} title={t("search.startTitle")}>
        {t("search.startText")}
      </EmptyState>
    );
  }
  if (results.isPending) return <Loading rows={5} />;
  if (!results.data) return <ErrorState error={results.error} onRetry={results.refetch} />;
  if (results.data.length === 0) {
    return (
      <EmptyState icon={SearchX} title={t("search.emptyTitle", { q })}>
        {t("search.emptyText")}
      </EmptyState>
    );
  }
  return (
    <Card>
      <ul aria-label={t("search.results")} className="divide-y divide-line">
        {results.data.map((hit) => (
          <li key={hit.message.id}>
            <SearchResult hit={hit} q={q} />
          </li>
        ))}
      </ul>
      <LoadMore query={results} />
    </Card>
  );
}
