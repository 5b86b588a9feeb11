import type { ComponentProps } from "react";

import { Field } from "./Field";
import { Input } from "./Input";

type Props = Omit<ComponentProps<typeof Field>, "children"> &
  Omit<ComponentProps<typeof Input>, "value" | "onChange"> & {
    value: string;
    onChange: (value: string) => void;
  };

/** A labelled text input of one line, with its hint and its error. */
export function TextField({ label, hint, error, onChange, ...props }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input {...control} {...props} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
