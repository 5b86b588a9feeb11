import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { TitledPage } from "../../components/TitledPage";
import { useIntents } from "../../features/intents/queries";
import { ReviewFilters } from "../../features/reviews/ReviewFilters";
import { ReviewQueue } from "../../features/reviews/ReviewQueue";

const route = getRouteApi("/app/training/reviews");

/** What the bot should learn from, for a trainer to decide. */
export function ReviewsPage() {
  const { t } = useTranslation();
  const { reason, language } = route.useSearch();
  const { intents, titleOf } = useIntents();
  return (
    <TitledPage
      title={t("training.reviews")}
      about={t("reviews.about")}
      action={<ReviewFilters filter={{ reason, language }} />}
    >
      <ReviewQueue
        key={`${reason} ${language}`}
        filter={{ reason, language }}
        intents={intents}
        titleOf={titleOf}
      />
    </TitledPage>
  );
}
