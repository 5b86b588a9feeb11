import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import type { Agent, Role } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Row } from "../../components/Row";
import { Select } from "../../components/Select";
import { toast } from "../../components/toasts";
import { ROLES, useUpdateAgent } from "./queries";

type Props = { agent: Agent; isMe: boolean; mayChange: boolean };

/** An agent, with role and status for those who may change them. */
export function AgentRow({ agent, isMe, mayChange }: Props) {
  const { t } = useTranslation();
  const update = useUpdateAgent();
  const active = agent.status === "active";
  const change = (body: { role: Role } | { status: Agent["status"] }) =>
    update.mutate(
      { id: agent.id, ...body },
      { onError: (error) => toast(explain(error, t), "danger") },
    );
  return (
    <Row
      lead={<Avatar name={agent.name} id={agent.id} />}
      title={
        <>
          {agent.name}
          {isMe && <Badge>{t("agents.you")}</Badge>}
          {active ? (
            <Badge tone={agent.availability === "online" ? "ok" : "neutral"}>
              {t(`availability.${agent.availability}`)}
            </Badge>
          ) : (
            <Badge tone="danger">{t("agents.deactivated")}</Badge>
          )}
        </>
      }
      about={agent.email}
    >
      {mayChange ? (
        <>
          <Select
            aria-label={t("agents.roleOf", { name: agent.name })}
            className="w-36"
            value={agent.role}
            disabled={update.isPending || !active}
            onChange={(event) => change({ role: event.target.value as Role })}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </Select>
          <Button
            size="sm"
            className="h-9 min-w-20"
            disabled={isMe}
            busy={update.isPending}
            onClick={() => change({ status: active ? "deactivated" : "active" })}
          >
            {t(active ? "agents.deactivate" : "agents.activate")}
          </Button>
        </>
      ) : (
        <Badge>{t(`role.${agent.role}`)}</Badge>
      )}
    </Row>
  );
}
