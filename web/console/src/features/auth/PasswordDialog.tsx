import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
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
      <TextField
        label={t("password.current")}
        type="password"
        required
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
      />
      <TextField
        label={t("password.next")}
        hint={t("password.hint")}
        type="password"
        required
        minLength={PASSWORD_CHARS_MIN}
        autoComplete="new-password"
        value={next}
        onChange={setNext}
      />
    </FormDialog>
  );
}
