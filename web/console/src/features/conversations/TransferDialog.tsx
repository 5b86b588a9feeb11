import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Problem } from "../../components/Problem";
import { Select } from "../../components/Select";
import { Textarea } from "../../components/Textarea";
import type { Colleague } from "./AssignMenu";
import type { ConversationActions, TransferTo } from "./actions";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  agents: Colleague[];
  teams: { id: number; name: string }[];
  transfer: ConversationActions["transfer"];
};

/** Hands a conversation to a colleague or a team, with a word for them. */
export function TransferDialog({ open, onOpenChange, agents, teams, transfer }: Props) {
  const { t } = useTranslation();
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const close = () => {
    setTo("");
    setNote("");
    onOpenChange(false);
  };
  return (
    <Dialog
      title={t("transfer.title")}
      description={t("transfer.about")}
      open={open}
      onOpenChange={onOpenChange}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          transfer.mutate(readTarget(to, note), { onSuccess: close });
        }}
      >
        <Field label={t("transfer.to")}>
          {(control) => (
            <Select
              {...control}
              required
              value={to}
              onChange={(event) => setTo(event.target.value)}
            >
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
            </Select>
          )}
        </Field>
        <Field label={t("transfer.note")} hint={t("transfer.noteHint")}>
          {(control) => (
            <Textarea {...control} value={note} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
        <Problem error={transfer.error} />
        <FormButtons
          submit={t("transfer.transfer")}
          busy={transfer.isPending}
          onCancel={() => onOpenChange(false)}
        />
      </form>
    </Dialog>
  );
}

function readTarget(to: string, note: string): TransferTo {
  const [kind, id] = to.split(":");
  const target = kind === "team" ? { team_id: Number(id) } : { agent_id: Number(id) };
  return { ...target, ...(note.trim() && { note: note.trim() }) };
}
