import { useTranslation } from "react-i18next";

import { cn } from "../../lib/cn";
import type { Canned } from "./canned";

type Props = {
  id: string;
  items: Canned[];
  chosen: number;
  onChoose: (canned: Canned) => void;
};

/** The canned responses that fit what was typed, above the text. */
export function CannedList({ id, items, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("composer.canned")}
      className="absolute inset-x-0 bottom-full z-10 mb-2 max-h-72 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-xl animate-pop"
    >
      {items.length === 0 && (
        <p className="px-3 py-2 text-[0.8125rem] text-muted">{t("composer.noCanned")}</p>
      )}
      {items.map((canned, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the text field, which keeps the focus.
        <div
          key={canned.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(canned)}
          className={cn(
            "flex cursor-pointer items-baseline gap-3 rounded-lg px-3 py-2 text-[0.8125rem]",
            index === chosen && "bg-hover",
          )}
        >
          <code className="shrink-0 font-mono text-xs text-accent-ink">/{canned.short_code}</code>
          <span className="truncate text-muted">{canned.text}</span>
        </div>
      ))}
    </div>
  );
}
