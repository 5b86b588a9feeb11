import { useTranslation } from "react-i18next";

import { Field } from "../../components/Field";
import { CONTROL } from "../../components/Input";
import { cn } from "../../lib/cn";

type Props = { error: string | undefined; onChoose: (file: File | undefined) => void };

/** Chooses a table of past conversations, with what it should look like. */
export function TableField({ error, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-3">
      <Field label={t("discovery.table")} hint={t("discovery.tableHint")} error={error}>
        {(control) => (
          <input
            {...control}
            type="file"
            required
            accept=".csv,.tsv,text/csv"
            onChange={(event) => onChoose(event.target.files?.[0])}
            className={cn(
              CONTROL,
              "h-11 cursor-pointer px-1.5 py-1.5 file:mr-3 file:h-full file:cursor-pointer file:rounded-md file:border-0 file:bg-sunken file:px-3 file:text-sm file:font-medium file:text-ink",
            )}
          />
        )}
      </Field>
      <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs leading-relaxed text-soft">
        {t("discovery.tableSample")}
      </pre>
    </div>
  );
}
