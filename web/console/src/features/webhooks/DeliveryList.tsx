import { useInfiniteQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { LoadMore } from "../../components/LoadMore";
import { QueryList } from "../../components/QueryList";
import { DeliveryRow } from "./DeliveryRow";
import { deliveriesQuery } from "./queries";

/** What was delivered to a webhook, newest first. */
export function DeliveryList({ webhook }: { webhook: number }) {
  const { t } = useTranslation();
  const deliveries = useInfiniteQuery({
    ...deliveriesQuery(webhook),
    select: (data) => data.pages.flatMap((page) => page.items),
  });
  return (
    <QueryList
      query={deliveries}
      empty={
        <EmptyState icon={Send} title={t("deliveries.empty")}>
          {t("deliveries.emptyText")}
        </EmptyState>
      }
      footer={<LoadMore query={deliveries} />}
    >
      {(delivery) => <DeliveryRow webhook={webhook} delivery={delivery} />}
    </QueryList>
  );
}
