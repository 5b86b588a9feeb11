import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { CannedResponse } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { LanguageSelect } from "../../components/LanguageSelect";
import { TextareaField } from "../../components/TextareaField";
import { TextField } from "../../components/TextField";
import { type CannedForm, useSaveCanned } from "./queries";

/** What the server fills in. */
const VARIABLES = "{{contact.name}}  {{agent.name}}  {{conversation.id}}";

type Props = {
  /** The canned response to change; a new one is made without. */
  canned: CannedResponse | undefined;
  onClose: () => void;
};

/** Adds or changes a canned response. */
export function CannedResponseDialog({ canned, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveCanned();
  const [form, setForm] = useState<CannedForm>({
    short_code: canned?.short_code ?? "",
    language: canned?.language ?? "zh",
    text: canned?.text ?? "",
  });
  return (
    <FormDialog
      title={canned ? t("canned.edit") : t("canned.add")}
      onClose={onClose}
      task={save}
      submit={t("common.save")}
      onSubmit={() =>
        save.mutate({ ...(canned && { id: canned.id }), form }, { onSuccess: onClose })
      }
    >
      <TextField
        label={t("canned.code")}
        hint={t("canned.codeHint")}
        required
        pattern="\S+"
        value={form.short_code}
        onChange={(short_code) => setForm({ ...form, short_code })}
      />
      <LanguageSelect
        value={form.language}
        onChange={(language) => setForm({ ...form, language })}
      />
      <TextareaField
        label={t("canned.text")}
        hint={t("canned.variables", { variables: VARIABLES })}
        required
        className="min-h-32"
        value={form.text}
        onChange={(text) => setForm({ ...form, text })}
      />
    </FormDialog>
  );
}
