import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Field } from "../../components/Field";
import { FormDialog } from "../../components/FormDialog";
import { Input } from "../../components/Input";
import { toast } from "../../components/toasts";
import { useChangePassword } from "./queries";

const PASSWORD_CHARS_MIN = 12;

/** Changes one's own password. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const submit = () =>
    change.mutate(
      { current_password: current, new_password: next },
      {
        onSuccess: () => {
          toast(t("password.changed"));
          onClose();
        },
      },
    );
  return (
    <FormDialog
      title={t("password.change")}
      onClose={onClose}
      task={change}
      submit={t("password.change")}
      onSubmit={submit}
    >
      <Field label={t("password.current")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            required
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("password.next")} hint={t("password.hint")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            required
            minLength={PASSWORD_CHARS_MIN}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
