import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Contact } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
import { useUpdateContact } from "./queries";

const FIELDS = { name: "text", email: "email", phone: "tel" } as const;

/** Changes what is known of a contact. */
export function ContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useUpdateContact(contact.id);
  const [form, setForm] = useState({
    name: contact.name ?? "",
    email: contact.email ?? "",
    phone: contact.phone ?? "",
  });
  return (
    <FormDialog
      title={t("contact.edit")}
      onClose={onClose}
      task={update}
      submit={t("common.save")}
      onSubmit={() =>
        update.mutate(
          {
            name: form.name.trim() || null,
            email: form.email.trim() || null,
            phone: form.phone.trim() || null,
          },
          { onSuccess: onClose },
        )
      }
    >
      {(["name", "email", "phone"] as const).map((field) => (
        <TextField
          key={field}
          label={t(`contact.${field}`)}
          type={FIELDS[field]}
          autoComplete="off"
          value={form[field]}
          onChange={(value) => setForm({ ...form, [field]: value })}
        />
      ))}
    </FormDialog>
  );
}
