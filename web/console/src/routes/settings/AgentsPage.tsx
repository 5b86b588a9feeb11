import { useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { TitledPage } from "../../components/TitledPage";
import { AgentDialog } from "../../features/agents/AgentDialog";
import { AgentList } from "../../features/agents/AgentList";
import { may } from "../../features/auth/permissions";
import { meQuery } from "../../features/auth/queries";

/** Who works here. */
export function AgentsPage() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const mayChange = may(me, "administer");
  const [adding, setAdding] = useState(false);
  return (
    <TitledPage
      title={t("settings.agents")}
      about={t("agents.about")}
      action={
        mayChange && (
          <Button variant="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            {t("agents.add")}
          </Button>
        )
      }
    >
      <AgentList me={me.agent.id} mayChange={mayChange} />
      <AgentDialog open={adding} onClose={() => setAdding(false)} />
    </TitledPage>
  );
}
