import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../../components/FormDialog";
import { NumberField } from "../../components/NumberField";
import { RadioCards } from "../../components/RadioCards";
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
    <FormDialog
      title={t("discovery.startTitle")}
      description={t("discovery.startAbout")}
      onClose={onClose}
      task={discover}
      submit={t("discovery.start")}
      onSubmit={submit}
      problem={<TableProblem error={discover.error} />}
    >
      <RadioCards
        name="source"
        legend={t("discovery.source")}
        value={from}
        options={SOURCES.map((value) => ({
          value,
          title: t(`discovery.from.${value}`),
          about: t(`discovery.fromAbout.${value}`),
        }))}
        onChange={(source) => {
          setFrom(source);
          discover.reset();
        }}
      />
      {from === "account" ? (
        <NumberField
          label={t("discovery.days")}
          hint={t("discovery.daysHint", { most: DAYS_MAX })}
          min={1}
          max={DAYS_MAX}
          value={days}
          onChange={setDays}
        />
      ) : (
        <TableField
          error={isTooLarge ? t("discovery.tooLarge") : undefined}
          onChoose={(file) => {
            setTable(file);
            discover.reset();
          }}
        />
      )}
    </FormDialog>
  );
}
