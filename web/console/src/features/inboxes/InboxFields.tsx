import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Field } from "../../components/Field";
import { Input } from "../../components/Input";
import { LanguageSelect } from "../../components/LanguageSelect";
import { Switch } from "../../components/Switch";
import { Textarea } from "../../components/Textarea";
import type { InboxForm } from "./queries";

type Props = { form: InboxForm; onChange: (change: Partial<InboxForm>) => void };

/** What can be set of an inbox. */
export function InboxFields({ form, onChange }: Props) {
  const { t } = useTranslation();
  const [origins, setOrigins] = useState(form.allowed_origins.join("\n"));
  return (
    <>
      <Field label={t("inboxes.name")}>
        {(control) => (
          <Input
            {...control}
            required
            value={form.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <LanguageSelect value={form.language} onChange={(language) => onChange({ language })} />
      <Field label={t("inboxes.greeting")} hint={t("inboxes.greetingHint")}>
        {(control) => (
          <Textarea
            {...control}
            value={form.greeting}
            onChange={(event) => onChange({ greeting: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("inboxes.origins")} hint={t("inboxes.originsHint")}>
        {(control) => (
          <Textarea
            {...control}
            spellCheck={false}
            className="font-mono text-[0.8125rem]"
            placeholder="https://www.example.com"
            value={origins}
            onChange={(event) => {
              setOrigins(event.target.value);
              onChange({ allowed_origins: event.target.value.split(/\s+/).filter(Boolean) });
            }}
          />
        )}
      </Field>
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
      <Field label={t("inboxes.publicKey")} hint={t("inboxes.publicKeyHint")}>
        {(control) => (
          <Textarea
            {...control}
            spellCheck={false}
            className="font-mono text-[0.8125rem]"
            placeholder="-----BEGIN PUBLIC KEY-----"
            value={form.identity_public_key}
            onChange={(event) => onChange({ identity_public_key: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
