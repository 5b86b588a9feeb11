import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
import type { ConversationActions } from "./actions";

type Props = {
  open: boolean;
  onClose: () => void;
  snooze: ConversationActions["snooze"];
};

/** Asks until when a conversation should rest. */
export function SnoozeDialog({ open, onClose, snooze }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState("");
  const past = at !== "" && Date.parse(at) <= Date.now();
  return (
    <FormDialog
      title={t("snooze.pickDate")}
      open={open}
      onClose={onClose}
      task={snooze}
      submit={t("snooze.snooze")}
      onSubmit={() => {
        if (past) return;
        snooze.mutate(new Date(at).toISOString(), { onSuccess: onClose });
      }}
    >
      <TextField
        label={t("snooze.at")}
        error={past ? t("snooze.past") : undefined}
        type="datetime-local"
        required
        value={at}
        onChange={setAt}
      />
    </FormDialog>
  );
}
