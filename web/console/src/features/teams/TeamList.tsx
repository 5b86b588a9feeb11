import { useQuery } from "@tanstack/react-query";
import { Pencil, UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Team } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { IconButton } from "../../components/IconButton";
import { QueryList } from "../../components/QueryList";
import { RemoveButton } from "../../components/RemoveButton";
import { Row } from "../../components/Row";
import { teamsQuery, useRemoveTeam } from "./queries";

type Props = { mayChange: boolean; onEdit: (team: Team) => void };

/** The teams and who is in them. */
export function TeamList({ mayChange, onEdit }: Props) {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery);
  const remove = useRemoveTeam();
  return (
    <QueryList
      query={teams}
      empty={
        <EmptyState icon={UsersRound} title={t("teams.empty")}>
          {t("teams.emptyText")}
        </EmptyState>
      }
    >
      {(team) => (
        <Row
          title={team.name}
          about={team.agents.map((agent) => agent.name).join("、") || t("teams.nobody")}
        >
          {mayChange && (
            <>
              <IconButton label={t("common.edit")} onClick={() => onEdit(team)}>
                <Pencil aria-hidden />
              </IconButton>
              <RemoveButton
                label={t("common.remove")}
                title={t("teams.removeTitle", { name: team.name })}
                description={t("teams.removeText")}
                remove={remove}
                id={team.id}
              />
            </>
          )}
        </Row>
      )}
    </QueryList>
  );
}
