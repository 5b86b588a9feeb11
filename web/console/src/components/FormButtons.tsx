import { useTranslation } from "react-i18next";

import { Button } from "./Button";

type Props = {
  /** The id of the form, if they stand outside of it. */
  form?: string;
  submit: string;
  busy: boolean;
  onCancel?: () => void;
  danger?: boolean;
  disabled?: boolean;
};

/** The last row of a form: give up, or go on. */
export function FormButtons({
  form,
  submit,
  busy,
  onCancel,
  danger = false,
  disabled = false,
}: Props) {
  const { t } = useTranslation();
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end gap-2">
      {onCancel && <Button onClick={onCancel}>{t("common.cancel")}</Button>}
      <Button
        type="submit"
        form={form}
        variant={danger ? "danger" : "primary"}
        busy={busy}
        disabled={disabled}
      >
        {submit}
      </Button>
    </div>
  );
}
