import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { Problem } from "../../components/Problem";
import { toast } from "../../components/toasts";
import { useChangePassword } from "./queries";

const PASSWORD_CHARS_MIN = 12;

/** Changes one's own password. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  return (
    <Dialog open title={t("password.change")} onOpenChange={(open) => !open && onClose()}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { current_password: current, new_password: next },
            {
              onSuccess: () => {
                toast(t("password.changed"));
                onClose();
              },
            },
          );
        }}
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
        <Problem error={change.error} />
        <FormButtons submit={t("password.change")} busy={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
