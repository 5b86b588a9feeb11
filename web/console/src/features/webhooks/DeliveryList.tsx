import { useInfiniteQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Delivery } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { LoadMore } from "../../components/LoadMore";
import { QueryList } from "../../components/QueryList";
import { DeliveryRow } from "./DeliveryRow";
import { deliveriesQuery } from "./queries";

type Props = { webhook: number; state: Delivery["state"] | undefined };

/** What was delivered to a webhook, newest first. */
export function DeliveryList({ webhook, state }: Props) {
  const { t } = useTranslation();
  const deliveries = useInfiniteQuery({
    ...deliveriesQuery(webhook, state),
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
