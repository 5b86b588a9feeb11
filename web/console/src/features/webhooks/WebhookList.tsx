import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Webhook as WebhookIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { QueryList } from "../../components/QueryList";
import { webhooksQuery } from "./queries";
import { WebhookRow } from "./WebhookRow";

/** The addresses that are told of events. */
export function WebhookList() {
  const { t } = useTranslation();
  const webhooks = useQuery(webhooksQuery);
  return (
    <QueryList
      query={webhooks}
      empty={
        <EmptyState icon={WebhookIcon} title={t("webhooks.empty")}>
          {t("webhooks.emptyText")}
        </EmptyState>
      }
    >
      {(webhook) => (
        <WebhookRow
          webhook={webhook}
          log={
            <Link
              to="/settings/webhooks/$id"
              params={{ id: webhook.id }}
              className="rounded-md px-2 py-1 text-[0.8125rem] font-medium text-accent-ink hover:underline"
            >
              {t("webhooks.log")}
            </Link>
          }
        />
      )}
    </QueryList>
  );
}
