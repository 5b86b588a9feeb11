import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { SearchBox } from "../features/search/SearchBox";
import { SearchResults } from "../features/search/SearchResults";

const route = getRouteApi("/app/search");

/** Searches all messages. */
export function SearchPage() {
  const { t } = useTranslation();
  const { q } = route.useSearch();
  return (
    <div className="flex-1 overflow-y-auto bg-canvas">
      <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-8 sm:py-8">
        <h1 className="mb-4 text-lg font-semibold text-ink">{t("nav.search")}</h1>
        <SearchBox key={q} q={q} />
        <div className="mt-5">
          <SearchResults q={q} />
        </div>
      </div>
    </div>
  );
}
