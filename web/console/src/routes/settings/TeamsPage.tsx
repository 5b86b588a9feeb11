import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Team } from "../../api/types";
import { Button } from "../../components/Button";
import { TitledPage } from "../../components/TitledPage";
import { agentsQuery } from "../../features/agents/queries";
import { may } from "../../features/auth/permissions";
import { meQuery } from "../../features/auth/queries";
import { TeamDialog } from "../../features/teams/TeamDialog";
import { TeamList } from "../../features/teams/TeamList";

/** The groups that agents work in. */
export function TeamsPage() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: agents = [] } = useQuery(agentsQuery);
  const mayChange = may(me, "supervise");
  const [editing, setEditing] = useState<Team | "new">();
  return (
    <TitledPage
      title={t("settings.teams")}
      about={t("teams.about")}
      action={
        mayChange && (
          <Button variant="primary" onClick={() => setEditing("new")}>
            <Plus aria-hidden />
            {t("teams.add")}
          </Button>
        )
      }
    >
      <TeamList mayChange={mayChange} onEdit={setEditing} />
      {editing && (
        <TeamDialog
          team={editing === "new" ? undefined : editing}
          agents={agents.filter((agent) => agent.status === "active")}
          onClose={() => setEditing(undefined)}
        />
      )}
    </TitledPage>
  );
}
