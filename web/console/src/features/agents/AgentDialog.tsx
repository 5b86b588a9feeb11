import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Role } from "../../api/types";
import { Field } from "../../components/Field";
import { FormDialog } from "../../components/FormDialog";
import { Input } from "../../components/Input";
import { Select } from "../../components/Select";
import { ROLES, useCreateAgent } from "./queries";

const PASSWORD_CHARS_MIN = 12;
const BLANK = { name: "", email: "", role: "agent" as Role, password: "" };

type Props = { open: boolean; onClose: () => void };

/** Adds an agent with a first password. */
export function AgentDialog({ open, onClose }: Props) {
  const { t } = useTranslation();
  const create = useCreateAgent();
  const [form, setForm] = useState(BLANK);
  const done = () => {
    setForm(BLANK);
    onClose();
  };
  return (
    <FormDialog
      title={t("agents.add")}
      open={open}
      onClose={onClose}
      task={create}
      submit={t("agents.add")}
      onSubmit={() => create.mutate(form, { onSuccess: done })}
    >
      <Field label={t("agents.name")}>
        {(control) => (
          <Input
            {...control}
            required
            autoComplete="off"
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("login.email")}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            autoComplete="off"
            value={form.email}
            onChange={(event) => setForm({ ...form, email: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("agents.role")} hint={t(`roleAbout.${form.role}`)}>
        {(control) => (
          <Select
            {...control}
            value={form.role}
            onChange={(event) => setForm({ ...form, role: event.target.value as Role })}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("agents.password")} hint={t("agents.passwordHint")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            required
            minLength={PASSWORD_CHARS_MIN}
            autoComplete="new-password"
            value={form.password}
            onChange={(event) => setForm({ ...form, password: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
