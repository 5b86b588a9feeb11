import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "./Button";

type Props = { label: string; value: string; multiline?: boolean };

/** A value to take away: shown whole, copied with one press. */
export function CopyField({ label, value, multiline = false }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <div className="grid gap-1.5">
      <div className="flex items-end justify-between gap-2">
        <span className="text-[0.8125rem] font-medium text-ink">{label}</span>
        <Button size="sm" variant="ghost" onClick={copy}>
          {copied ? <Check className="text-ok-ink" /> : <Copy />}
          <span aria-live="polite">{copied ? t("common.copied") : t("common.copy")}</span>
        </Button>
      </div>
      <pre
        // A long value scrolls, so the keyboard must reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys.
        tabIndex={0}
        className={
          multiline
            ? "overflow-x-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-relaxed text-ink"
            : "overflow-x-auto rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs text-ink"
        }
      >
        {value}
      </pre>
    </div>
  );
}
