import { useQuery } from "@tanstack/react-query";
import { Inbox as InboxIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Inbox } from "../../api/types";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { QueryList } from "../../components/QueryList";
import { Row } from "../../components/Row";
import { inboxesQuery } from "./queries";

type Props = { mayChange: boolean; onOpen: (inbox: Inbox) => void };

/** The entry points of conversations. */
export function InboxList({ mayChange, onOpen }: Props) {
  const { t } = useTranslation();
  const inboxes = useQuery(inboxesQuery);
  return (
    <QueryList
      query={inboxes}
      empty={
        <EmptyState icon={InboxIcon} title={t("inboxes.empty")}>
          {t("inboxes.emptyText")}
        </EmptyState>
      }
    >
      {(inbox) => (
        <Row
          title={
            <>
              {inbox.name}
              <Badge>{t(`language.${inbox.language}`)}</Badge>
              {inbox.bot && <Badge tone="accent">{t("inboxes.withBot")}</Badge>}
              {inbox.enforce_identity && <Badge tone="ok">{t("inboxes.identityOnly")}</Badge>}
            </>
          }
          about={
            inbox.allowed_origins.length > 0
              ? inbox.allowed_origins.join("  ")
              : t("inboxes.noOrigins")
          }
        >
          {mayChange && (
            <Button size="sm" onClick={() => onOpen(inbox)}>
              {t("inboxes.setUp")}
            </Button>
          )}
        </Row>
      )}
    </QueryList>
  );
}
