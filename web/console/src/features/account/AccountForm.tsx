import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Account } from "../../api/types";
import { Card } from "../../components/Card";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { LanguageSelect } from "../../components/LanguageSelect";
import { Problem } from "../../components/Problem";
import { Select } from "../../components/Select";
import { toast } from "../../components/toasts";
import { useUpdateAccount } from "./queries";

/** Changes the company's own settings. */
export function AccountForm({ account }: { account: Account }) {
  const { t } = useTranslation();
  const update = useUpdateAccount();
  const [form, setForm] = useState({
    name: account.name,
    language: account.language,
    time_zone: account.time_zone,
  });
  const zones = [...new Set([account.time_zone, ...Intl.supportedValuesOf("timeZone")])];
  return (
    <Card className="p-5">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate(form, { onSuccess: () => toast(t("common.saved")) });
        }}
      >
        <Field label={t("account.name")}>
          {(control) => (
            <Input
              {...control}
              required
              value={form.name}
              onChange={(event) => setForm({ ...form, name: event.target.value })}
            />
          )}
        </Field>
        <LanguageSelect
          value={form.language}
          onChange={(language) => setForm({ ...form, language })}
        />
        <Field label={t("account.timeZone")} hint={t("account.timeZoneHint")}>
          {(control) => (
            <Select
              {...control}
              value={form.time_zone}
              onChange={(event) => setForm({ ...form, time_zone: event.target.value })}
            >
              {zones.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </Select>
          )}
        </Field>
        <Problem error={update.error} />
        <FormButtons submit={t("common.save")} busy={update.isPending} />
      </form>
    </Card>
  );
}
