import { useQuery } from "@tanstack/react-query";
import { MessageSquareQuote, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { CannedResponse } from "../../api/types";
import { Badge } from "../../components/Badge";
import { EmptyState } from "../../components/EmptyState";
import { IconButton } from "../../components/IconButton";
import { QueryList } from "../../components/QueryList";
import { RemoveButton } from "../../components/RemoveButton";
import { Row } from "../../components/Row";
import { cannedResponsesQuery, useRemoveCanned } from "./queries";

type Props = { mayChange: boolean; onEdit: (canned: CannedResponse) => void };

/** The reusable texts of the account. */
export function CannedResponseList({ mayChange, onEdit }: Props) {
  const { t } = useTranslation();
  const list = useQuery(cannedResponsesQuery);
  const remove = useRemoveCanned();
  return (
    <QueryList
      query={list}
      empty={
        <EmptyState icon={MessageSquareQuote} title={t("canned.empty")}>
          {t("canned.emptyText")}
        </EmptyState>
      }
    >
      {(canned) => (
        <Row
          title={
            <>
              <code className="font-mono text-[0.8125rem] text-accent-ink">
                /{canned.short_code}
              </code>
              <Badge>{t(`language.${canned.language}`)}</Badge>
            </>
          }
          about={<span className="line-clamp-2 whitespace-pre-line">{canned.text}</span>}
        >
          {mayChange && (
            <>
              <IconButton label={t("common.edit")} onClick={() => onEdit(canned)}>
                <Pencil aria-hidden />
              </IconButton>
              <RemoveButton
                label={t("common.remove")}
                title={t("canned.removeTitle", { code: canned.short_code })}
                description={t("canned.removeText")}
                remove={remove}
                id={canned.id}
              />
            </>
          )}
        </Row>
      )}
    </QueryList>
  );
}
