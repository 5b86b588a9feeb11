import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../../components/FormDialog";
import { SelectField } from "../../components/SelectField";
import { TextareaField } from "../../components/TextareaField";
import type { Colleague } from "./AssignMenu";
import type { ConversationActions, TransferTo } from "./actions";

type Props = {
  open: boolean;
  onClose: () => void;
  agents: Colleague[];
  teams: { id: number; name: string }[];
  transfer: ConversationActions["transfer"];
};

/** Hands a conversation to a colleague or a team, with a word for them. */
export function TransferDialog({ open, onClose, agents, teams, transfer }: Props) {
  const { t } = useTranslation();
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const done = () => {
    setTo("");
    setNote("");
    onClose();
  };
  return (
    <FormDialog
      title={t("transfer.title")}
      description={t("transfer.about")}
      open={open}
      onClose={onClose}
      task={transfer}
      submit={t("transfer.transfer")}
      onSubmit={() => transfer.mutate(readTarget(to, note), { onSuccess: done })}
    >
      <SelectField label={t("transfer.to")} required value={to} onChange={setTo}>
        <option value="">{t("transfer.choose")}</option>
        {teams.length > 0 && (
          <optgroup label={t("transfer.teams")}>
            {teams.map((team) => (
              <option key={team.id} value={`team:${team.id}`}>
                {team.name}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label={t("transfer.agents")}>
          {agents.map((agent) => (
            <option key={agent.id} value={`agent:${agent.id}`}>
              {agent.name}
            </option>
          ))}
        </optgroup>
      </SelectField>
      <TextareaField
        label={t("transfer.note")}
        hint={t("transfer.noteHint")}
        value={note}
        onChange={setNote}
      />
    </FormDialog>
  );
}

function readTarget(to: string, note: string): TransferTo {
  const [kind, id] = to.split(":");
  const target = kind === "team" ? { team_id: Number(id) } : { agent_id: Number(id) };
  return { ...target, ...(note.trim() && { note: note.trim() }) };
}
