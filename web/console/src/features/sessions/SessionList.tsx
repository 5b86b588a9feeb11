import { useQuery } from "@tanstack/react-query";
import { MonitorSmartphone } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { QueryList } from "../../components/QueryList";
import { Row } from "../../components/Row";
import { toast } from "../../components/toasts";
import { formatFull } from "../../lib/time";
import { device } from "./device";
import { sessionsQuery, useRevokeSession } from "./queries";

/** Where one is signed in; each place but this one can be signed out from here. */
export function SessionList() {
  const { t, i18n } = useTranslation();
  const sessions = useQuery(sessionsQuery);
  const revoke = useRevokeSession();
  return (
    <QueryList
      query={sessions}
      empty={<EmptyState icon={MonitorSmartphone} title={t("sessions.empty")} />}
    >
      {(session) => (
        <Row
          lead={<MonitorSmartphone aria-hidden className="size-5 text-muted" strokeWidth={1.5} />}
          title={
            <>
              {device(session.user_agent)}
              {session.current && <Badge tone="ok">{t("sessions.current")}</Badge>}
            </>
          }
          about={[
            session.ip,
            t("sessions.seen", { at: formatFull(session.last_seen_at, i18n.language) }),
          ].join(" · ")}
        >
          {!session.current && (
            <Button
              size="sm"
              busy={revoke.isPending && revoke.variables === session.id}
              onClick={() =>
                revoke.mutate(session.id, {
                  onError: (error) => toast(explain(error, t), "danger"),
                })
              }
            >
              {t("sessions.signOut")}
            </Button>
          )}
        </Row>
      )}
    </QueryList>
  );
}
