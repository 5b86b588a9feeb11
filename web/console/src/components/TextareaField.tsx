import type { ComponentProps } from "react";

import { Field } from "./Field";
import { Textarea } from "./Textarea";

type Props = Omit<ComponentProps<typeof Field>, "children"> &
  Omit<ComponentProps<typeof Textarea>, "value" | "onChange"> & {
    value: string;
    onChange: (value: string) => void;
  };

/** A labelled text input of several lines, with its hint and its error. */
export function TextareaField({ label, hint, error, onChange, ...props }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Textarea {...control} {...props} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
