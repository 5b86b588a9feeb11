import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
import { useCreateToken } from "./queries";

type Props = { onClose: () => void; onSecret: (token: string) => void };

/** Makes an API token and hands it on. */
export function TokenDialog({ onClose, onSecret }: Props) {
  const { t } = useTranslation();
  const create = useCreateToken();
  const [name, setName] = useState("");
  const submit = () =>
    create.mutate(name.trim(), {
      onSuccess: ({ token }) => {
        onClose();
        onSecret(token);
      },
    });
  return (
    <FormDialog
      title={t("tokens.add")}
      description={t("tokens.addAbout")}
      onClose={onClose}
      task={create}
      submit={t("tokens.add")}
      onSubmit={submit}
    >
      <TextField
        label={t("tokens.name")}
        hint={t("tokens.nameHint")}
        required
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}
