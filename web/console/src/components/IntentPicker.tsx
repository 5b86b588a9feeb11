import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Intent } from "../api/types";
import { cn } from "../lib/cn";
import { findIntents, type TitleOf } from "../lib/intents";
import { Input } from "./Input";
import { IntentName } from "./IntentName";

type Props = {
  intents: readonly Intent[];
  titleOf: TitleOf;
  label: string;
  onPick: (name: string) => void;
};

/** Finds an intent by a few letters and takes it with Enter. */
export function IntentPicker({ intents, titleOf, label, onPick }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = findIntents(intents, query);
  const active = found[at];
  const optionId = (name: string) => `${id}-${name}`;
  const activeId = active && optionId(active.name);

  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt(Math.min(Math.max(0, at + step), Math.max(0, found.length - 1)));
    else if (event.key === "Enter" && active && !event.repeat) onPick(active.name);
    else return;
    event.preventDefault();
  };

  return (
    <div className="grid gap-2 pt-1">
      <Input
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={activeId}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder={t("intents.find")}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        role="listbox"
        id={`${id}-list`}
        aria-label={label}
        className="max-h-72 overflow-y-auto rounded-lg border border-line p-1 empty:hidden"
      >
        {found.map(({ name }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above.
          <div
            key={name}
            id={optionId(name)}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => onPick(name)}
            className={cn(
              "flex min-h-9 cursor-pointer items-center rounded-md px-2.5 text-sm text-ink hover:bg-hover",
              index === at && "bg-accent-soft hover:bg-accent-soft",
            )}
          >
            <IntentName name={name} titleOf={titleOf} />
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="text-[0.8125rem] text-muted">
          {t("intents.none")}
        </p>
      )}
    </div>
  );
}
