import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";

import { TitledPage } from "../../components/TitledPage";
import { DeliveryFilter } from "../../features/webhooks/DeliveryFilter";
import { DeliveryList } from "../../features/webhooks/DeliveryList";
import { webhooksQuery } from "../../features/webhooks/queries";

const route = getRouteApi("/app/settings/webhooks/$id");

/** What was delivered to one webhook. */
export function DeliveriesPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { state } = route.useSearch();
  const { data: webhooks } = useQuery(webhooksQuery);
  const url = webhooks?.find((webhook) => webhook.id === id)?.url ?? "";
  return (
    <TitledPage
      title={t("deliveries.title")}
      about={t("deliveries.about", { url })}
      action={
        <Link
          to="/settings/webhooks"
          className="inline-flex h-9 items-center gap-1.5 rounded-lg px-3 text-sm text-muted hover:bg-hover hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t("settings.webhooks")}
        </Link>
      }
    >
      <div className="mb-3 flex justify-end">
        <DeliveryFilter state={state} />
      </div>
      <DeliveryList webhook={id} state={state} />
    </TitledPage>
  );
}
