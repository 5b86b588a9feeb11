import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Role } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { SelectField } from "../../components/SelectField";
import { TextField } from "../../components/TextField";
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
      <TextField
        label={t("agents.name")}
        required
        autoComplete="off"
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
      />
      <TextField
        label={t("login.email")}
        type="email"
        required
        autoComplete="off"
        value={form.email}
        onChange={(email) => setForm({ ...form, email })}
      />
      <SelectField
        label={t("agents.role")}
        hint={t(`roleAbout.${form.role}`)}
        value={form.role}
        onChange={(role) => setForm({ ...form, role: role as Role })}
      >
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {t(`role.${role}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("agents.password")}
        hint={t("agents.passwordHint")}
        type="password"
        required
        minLength={PASSWORD_CHARS_MIN}
        autoComplete="new-password"
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
      />
    </FormDialog>
  );
}
