import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { Problem } from "../../components/Problem";
import type { ConversationActions } from "./actions";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  snooze: ConversationActions["snooze"];
};

/** Asks until when a conversation should rest. */
export function SnoozeDialog({ open, onOpenChange, snooze }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState("");
  const past = at !== "" && Date.parse(at) <= Date.now();
  return (
    <Dialog title={t("snooze.pickDate")} open={open} onOpenChange={onOpenChange}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (past) return;
          snooze.mutate(new Date(at).toISOString(), { onSuccess: () => onOpenChange(false) });
        }}
      >
        <Field label={t("snooze.at")} error={past ? t("snooze.past") : undefined}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              required
              value={at}
              onChange={(event) => setAt(event.target.value)}
            />
          )}
        </Field>
        <Problem error={snooze.error} />
        <FormButtons
          submit={t("snooze.snooze")}
          busy={snooze.isPending}
          onCancel={() => onOpenChange(false)}
        />
      </form>
    </Dialog>
  );
}
