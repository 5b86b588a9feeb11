import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Account } from "../../api/types";
import { Card } from "../../components/Card";
import { FormButtons } from "../../components/FormButtons";
import { LanguageSelect } from "../../components/LanguageSelect";
import { Problem } from "../../components/Problem";
import { SelectField } from "../../components/SelectField";
import { TextField } from "../../components/TextField";
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
        <TextField
          label={t("account.name")}
          required
          value={form.name}
          onChange={(name) => setForm({ ...form, name })}
        />
        <LanguageSelect
          value={form.language}
          onChange={(language) => setForm({ ...form, language })}
        />
        <SelectField
          label={t("account.timeZone")}
          hint={t("account.timeZoneHint")}
          value={form.time_zone}
          onChange={(time_zone) => setForm({ ...form, time_zone })}
        >
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </SelectField>
        <Problem error={update.error} />
        <FormButtons submit={t("common.save")} busy={update.isPending} />
      </form>
    </Card>
  );
}
