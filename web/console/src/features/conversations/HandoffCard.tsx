import { neutralise } from "@attune/shared/text";
import { HandHelping } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { formatClock } from "../../lib/time";

type Props = { handoff: NonNullable<Conversation["handoff"]> };

/** Why the bot gave the conversation to people, and what was said before. */
export function HandoffCard({ handoff }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <section
      aria-label={t("handoff.title")}
      className="mx-auto my-3 w-full max-w-2xl rounded-xl border border-line bg-surface p-4 shadow-xs"
    >
      <header className="flex items-center gap-2.5">
        <span className="inline-flex size-7 items-center justify-center rounded-lg bg-accent-soft text-accent-ink">
          <HandHelping aria-hidden className="size-4" />
        </span>
        <h3 className="text-[0.8125rem] font-semibold text-ink">
          {t(`handoff.reason.${handoff.reason}`)}
        </h3>
        <time dateTime={handoff.at} className="ml-auto text-xs text-muted tabular-nums">
          {formatClock(handoff.at, i18n.language)}
        </time>
      </header>
      {handoff.summary && (
        <p className="mt-2.5 text-[0.8125rem] leading-relaxed overflow-x-clip break-words whitespace-pre-wrap text-soft">
          {neutralise(handoff.summary)}
        </p>
      )}
    </section>
  );
}
