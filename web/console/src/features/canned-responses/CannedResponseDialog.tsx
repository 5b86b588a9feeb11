import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { CannedResponse } from "../../api/types";
import { Field } from "../../components/Field";
import { FormDialog } from "../../components/FormDialog";
import { Input } from "../../components/Input";
import { LanguageSelect } from "../../components/LanguageSelect";
import { Textarea } from "../../components/Textarea";
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
      <Field label={t("canned.code")} hint={t("canned.codeHint")}>
        {(control) => (
          <Input
            {...control}
            required
            pattern="\S+"
            value={form.short_code}
            onChange={(event) => setForm({ ...form, short_code: event.target.value })}
          />
        )}
      </Field>
      <LanguageSelect
        value={form.language}
        onChange={(language) => setForm({ ...form, language })}
      />
      <Field label={t("canned.text")} hint={t("canned.variables", { variables: VARIABLES })}>
        {(control) => (
          <Textarea
            {...control}
            required
            className="min-h-32"
            value={form.text}
            onChange={(event) => setForm({ ...form, text: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
