import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { RadioCard } from "../../components/RadioCard";
import { DAYS_MAX, DAYS_USUAL, TABLE_BYTES_MAX, useDiscover } from "./queries";
import { TableField } from "./TableField";
import { TableProblem } from "./TableProblem";

const SOURCES = ["account", "table"] as const;

/** Begins a discovery: in the conversations of the last days, or in a table of past ones. */
export function StartDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const discover = useDiscover();
  const [from, setFrom] = useState<(typeof SOURCES)[number]>("account");
  const [days, setDays] = useState(DAYS_USUAL);
  const [table, setTable] = useState<File>();
  const isTooLarge = table !== undefined && table.size > TABLE_BYTES_MAX;
  const submit = () => {
    const source = from === "account" ? { days } : table && !isTooLarge && { table };
    if (source) discover.mutate(source, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      title={t("discovery.startTitle")}
      description={t("discovery.startAbout")}
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium text-ink">
            {t("discovery.source")}
          </legend>
          {SOURCES.map((each) => (
            <RadioCard
              key={each}
              name="source"
              title={t(`discovery.from.${each}`)}
              about={t(`discovery.fromAbout.${each}`)}
              checked={each === from}
              onChoose={() => {
                setFrom(each);
                discover.reset();
              }}
            />
          ))}
        </fieldset>
        {from === "account" ? (
          <Field label={t("discovery.days")} hint={t("discovery.daysHint", { most: DAYS_MAX })}>
            {(control) => (
              <Input
                {...control}
                type="number"
                required
                min={1}
                max={DAYS_MAX}
                value={Number.isNaN(days) ? "" : days}
                onChange={(event) => setDays(event.target.valueAsNumber)}
              />
            )}
          </Field>
        ) : (
          <TableField
            error={isTooLarge ? t("discovery.tooLarge") : undefined}
            onChoose={(file) => {
              setTable(file);
              discover.reset();
            }}
          />
        )}
        <TableProblem error={discover.error} />
        <FormButtons submit={t("discovery.start")} busy={discover.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
