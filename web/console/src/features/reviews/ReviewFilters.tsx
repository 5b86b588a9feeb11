import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { LanguageFilter } from "../../components/LanguageFilter";
import { Select } from "../../components/Select";
import { REVIEW_REASONS, type ReviewFilter } from "./queries";

/** Narrows the queue; the choice stands in the URL. */
export function ReviewFilters({ filter }: { filter: ReviewFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/training/reviews" });
  return (
    <div className="flex flex-wrap gap-2 max-sm:w-full">
      <Select
        aria-label={t("reviews.byReason")}
        className="min-w-0 flex-1 basis-36 sm:w-44 sm:flex-none"
        value={filter.reason ?? ""}
        onChange={(event) => {
          const reason = REVIEW_REASONS.find((each) => each === event.target.value);
          navigate({ search: { ...filter, reason } });
        }}
      >
        <option value="">{t("reviews.everyReason")}</option>
        {REVIEW_REASONS.map((each) => (
          <option key={each} value={each}>
            {t(`reviews.reason.${each}`)}
          </option>
        ))}
      </Select>
      <LanguageFilter
        value={filter.language}
        onChange={(language) => navigate({ search: { ...filter, language } })}
      />
    </div>
  );
}
