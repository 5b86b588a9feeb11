import type { ComponentProps } from "react";

import { Field } from "./Field";
import { Select } from "./Select";

type Props = Omit<ComponentProps<typeof Field>, "children"> &
  Omit<ComponentProps<typeof Select>, "value" | "onChange"> & {
    value: string | number;
    onChange: (value: string) => void;
  };

/** A labelled choice among few, with its hint and its error. */
export function SelectField({ label, hint, error, onChange, ...props }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Select {...control} {...props} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
