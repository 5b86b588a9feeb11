import { displayName } from "@attune/shared/text";
import { StickyNote } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Message } from "../../api/types";
import { formatClock } from "../../lib/time";
import { MessageText } from "./MessageText";

/** A note for colleagues; it must never look like something the contact sees. */
export function NoteBubble({ message }: { message: Message }) {
  const { t, i18n } = useTranslation();
  return (
    <article
      aria-label={t("message.noteBy", { name: message.sender.name })}
      className="mt-4 ml-auto w-fit max-w-[min(36rem,88%)] overflow-x-clip rounded-xl border border-dashed border-warn-line bg-warn-soft px-3.5 py-2.5"
    >
      <p className="mb-1 flex items-center gap-1.5 text-xs text-warn-ink">
        <StickyNote aria-hidden className="size-3.5" />
        <span className="font-semibold">{t("message.note")}</span>
        <span>{displayName(message.sender.name ?? "")}</span>
        <time dateTime={message.created_at} className="tabular-nums">
          {formatClock(message.created_at, i18n.language)}
        </time>
      </p>
      <div className="text-sm leading-relaxed text-ink">
        <MessageText message={message} />
      </div>
    </article>
  );
}
