import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Team } from "../../api/types";
import { Checkbox } from "../../components/Checkbox";
import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
import { useSaveTeam } from "./queries";

type Props = {
  /** The team to change; a new one is made without. */
  team: Team | undefined;
  agents: { id: number; name: string }[];
  onClose: () => void;
};

/** Adds or changes a team. */
export function TeamDialog({ team, agents, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveTeam();
  const [name, setName] = useState(team?.name ?? "");
  const [members, setMembers] = useState(() => team?.agents.map((agent) => agent.id) ?? []);
  const toggle = (id: number, member: boolean) =>
    setMembers(member ? [...members, id] : members.filter((each) => each !== id));
  return (
    <FormDialog
      title={team ? t("teams.edit") : t("teams.add")}
      onClose={onClose}
      task={save}
      submit={t("common.save")}
      onSubmit={() =>
        save.mutate(
          { ...(team && { id: team.id }), form: { name: name.trim(), agents: members } },
          { onSuccess: onClose },
        )
      }
    >
      <TextField label={t("teams.name")} required value={name} onChange={setName} />
      <fieldset>
        <legend className="mb-1 text-[0.8125rem] font-medium text-ink">{t("teams.members")}</legend>
        <div className="max-h-60 overflow-y-auto rounded-lg border border-line px-3 py-1">
          {agents.map((agent) => (
            <Checkbox
              key={agent.id}
              checked={members.includes(agent.id)}
              onChange={(event) => toggle(agent.id, event.target.checked)}
            >
              {agent.name}
            </Checkbox>
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
