import { useState } from "react";
import { useTranslation } from "react-i18next";

import { LanguageSelect } from "../../components/LanguageSelect";
import { Switch } from "../../components/Switch";
import { TextareaField } from "../../components/TextareaField";
import { TextField } from "../../components/TextField";
import type { InboxForm } from "./queries";

type Props = { form: InboxForm; onChange: (change: Partial<InboxForm>) => void };

/** What can be set of an inbox. */
export function InboxFields({ form, onChange }: Props) {
  const { t } = useTranslation();
  const [origins, setOrigins] = useState(form.allowed_origins.join("\n"));
  return (
    <>
      <TextField
        label={t("inboxes.name")}
        required
        value={form.name}
        onChange={(name) => onChange({ name })}
      />
      <LanguageSelect value={form.language} onChange={(language) => onChange({ language })} />
      <TextareaField
        label={t("inboxes.greeting")}
        hint={t("inboxes.greetingHint")}
        value={form.greeting}
        onChange={(greeting) => onChange({ greeting })}
      />
      <TextareaField
        label={t("inboxes.origins")}
        hint={t("inboxes.originsHint")}
        spellCheck={false}
        className="font-mono text-[0.8125rem]"
        placeholder="https://www.example.com"
        value={origins}
        onChange={(value) => {
          setOrigins(value);
          onChange({ allowed_origins: value.split(/\s+/).filter(Boolean) });
        }}
      />
      <Switch
        label={t("inboxes.bot")}
        hint={t("inboxes.botHint")}
        checked={form.bot}
        onChange={(bot) => onChange({ bot })}
      />
      <Switch
        label={t("inboxes.enforce")}
        hint={t("inboxes.enforceHint")}
        checked={form.enforce_identity}
        onChange={(enforce_identity) => onChange({ enforce_identity })}
      />
      <TextareaField
        label={t("inboxes.publicKey")}
        hint={t("inboxes.publicKeyHint")}
        spellCheck={false}
        className="font-mono text-[0.8125rem]"
        placeholder="-----BEGIN PUBLIC KEY-----"
        value={form.identity_public_key}
        onChange={(identity_public_key) => onChange({ identity_public_key })}
      />
    </>
  );
}
