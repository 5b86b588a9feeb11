import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { QueryList } from "../../components/QueryList";
import { RemoveButton } from "../../components/RemoveButton";
import { Row } from "../../components/Row";
import { formatFull } from "../../lib/time";
import { tokensQuery, useRevokeToken } from "./queries";

/** One's own API tokens. */
export function TokenList() {
  const { t, i18n } = useTranslation();
  const tokens = useQuery(tokensQuery);
  const revoke = useRevokeToken();
  const moment = (iso: string) => formatFull(iso, i18n.language);
  return (
    <QueryList
      query={tokens}
      empty={
        <EmptyState icon={KeyRound} title={t("tokens.empty")}>
          {t("tokens.emptyText")}
        </EmptyState>
      }
    >
      {(token) => (
        <Row
          title={token.name}
          about={[
            t("tokens.created", { at: moment(token.created_at) }),
            token.last_used_at
              ? t("tokens.used", { at: moment(token.last_used_at) })
              : t("tokens.unused"),
          ].join(" · ")}
        >
          <RemoveButton
            label={t("tokens.revoke")}
            title={t("tokens.revokeTitle", { name: token.name })}
            description={t("tokens.revokeText")}
            remove={revoke}
            id={token.id}
          />
        </Row>
      )}
    </QueryList>
  );
}
