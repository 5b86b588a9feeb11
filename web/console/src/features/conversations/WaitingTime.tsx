import { Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";

import { cn } from "../../lib/cn";
import { formatSpan, waitLevel } from "../../lib/time";
import { useNow } from "../../lib/useNow";

const TONES = { calm: "text-muted", warm: "text-warn-ink", hot: "text-danger-ink" };

/** How long the contact has waited for a person; it counts on by itself. */
export function WaitingTime({ since }: { since: string }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const ms = now - Date.parse(since);
  const time = formatSpan(ms, i18n.language);
  return (
    <span
      className={cn(
        "inline-flex shrink-0 items-center gap-1 text-xs font-medium tabular-nums",
        TONES[waitLevel(ms)],
      )}
    >
      <Hourglass aria-hidden className="size-3" />
      <span className="sr-only">{t("conversation.waiting")}</span>
      {time}
    </span>
  );
}
