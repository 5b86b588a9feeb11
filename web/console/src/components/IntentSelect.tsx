import type { ComponentProps } from "react";

import type { Intent } from "../api/types";
import type { TitleOf } from "../lib/intents";
import { Select } from "./Select";

type Props = Omit<ComponentProps<typeof Select>, "value" | "onChange" | "children"> & {
  intents: readonly Intent[];
  titleOf: TitleOf;
  value: string;
  onChange: (name: string) => void;
  /** What stands for none of them; without it one must be chosen. */
  none?: string;
};

/** Chooses an intent. */
export function IntentSelect({ intents, titleOf, value, onChange, none, ...props }: Props) {
  return (
    <Select {...props} value={value} onChange={(event) => onChange(event.target.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {intents.map(({ name }) => (
        <option key={name} value={name}>
          {titleOf(name)} · {name}
        </option>
      ))}
    </Select>
  );
}
