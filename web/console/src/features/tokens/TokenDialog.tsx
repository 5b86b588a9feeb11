import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { Problem } from "../../components/Problem";
import { useCreateToken } from "./queries";

type Props = { onClose: () => void; onSecret: (token: string) => void };

/** Makes an API token and hands it on. */
export function TokenDialog({ onClose, onSecret }: Props) {
  const { t } = useTranslation();
  const create = useCreateToken();
  const [name, setName] = useState("");
  return (
    <Dialog
      open
      title={t("tokens.add")}
      description={t("tokens.addAbout")}
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(name.trim(), {
            onSuccess: ({ token }) => {
              onClose();
              onSecret(token);
            },
          });
        }}
      >
        <Field label={t("tokens.name")} hint={t("tokens.nameHint")}>
          {(control) => (
            <Input
              {...control}
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Problem error={create.error} />
        <FormButtons submit={t("tokens.add")} busy={create.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
