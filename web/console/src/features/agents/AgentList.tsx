import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { QueryList } from "../../components/QueryList";
import { AgentRow } from "./AgentRow";
import { agentsQuery } from "./queries";

type Props = { me: number; mayChange: boolean };

/** Everybody who works here. */
export function AgentList({ me, mayChange }: Props) {
  const { t } = useTranslation();
  const agents = useQuery(agentsQuery);
  return (
    <QueryList query={agents} empty={<EmptyState icon={Users} title={t("agents.empty")} />}>
      {(agent) => <AgentRow agent={agent} isMe={agent.id === me} mayChange={mayChange} />}
    </QueryList>
  );
}
