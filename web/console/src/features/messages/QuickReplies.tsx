import { displayName } from "@attune/shared/text";
import { useTranslation } from "react-i18next";

import type { Message } from "../../api/types";

/** The ready answers that the contact was offered; agents see them, they do not press them. */
export function QuickReplies({ replies }: { replies: Message["quick_replies"] }) {
  const { t } = useTranslation();
  if (replies.length === 0) return null;
  return (
    <ul aria-label={t("message.quickReplies")} className="flex flex-wrap justify-end gap-1.5">
      {replies.map((reply) => (
        <li
          key={reply.value}
          className="rounded-full border border-line-strong px-2.5 py-0.5 text-xs text-muted"
        >
          {displayName(reply.title)}
        </li>
      ))}
    </ul>
  );
}
