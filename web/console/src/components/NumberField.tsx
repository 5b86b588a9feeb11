import type { ComponentProps } from "react";

import { Field } from "./Field";
import { Input } from "./Input";

type Props = Omit<ComponentProps<typeof Field>, "children"> & {
  min: number;
  max: number;
  /** NaN while nothing is written that is a number. */
  value: number;
  onChange: (value: number) => void;
};

/** A labelled number that must be given, from `min` to `max`. */
export function NumberField({ label, hint, error, value, onChange, ...range }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          {...range}
          type="number"
          required
          value={Number.isNaN(value) ? "" : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}
