import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Contact } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { Problem } from "../../components/Problem";
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
    <Dialog open title={t("contact.edit")} onOpenChange={(open) => !open && onClose()}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate(
            {
              name: form.name.trim() || null,
              email: form.email.trim() || null,
              phone: form.phone.trim() || null,
            },
            { onSuccess: onClose },
          );
        }}
      >
        {(["name", "email", "phone"] as const).map((field) => (
          <Field key={field} label={t(`contact.${field}`)}>
            {(control) => (
              <Input
                {...control}
                type={FIELDS[field]}
                autoComplete="off"
                value={form[field]}
                onChange={(event) => setForm({ ...form, [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Problem error={update.error} />
        <FormButtons submit={t("common.save")} busy={update.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
