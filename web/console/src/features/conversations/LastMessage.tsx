import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { cn } from "../../lib/cn";
import { plain } from "../../lib/plain";

type Props = { conversation: Conversation; unread: boolean };

/** What was last said, in one line, and by whom unless it was the contact. */
export function LastMessage({ conversation, unread }: Props) {
  const { t } = useTranslation();
  const last = conversation.last_message;
  const by = last && last.sender_kind !== "contact" && t(`sender.${last.sender_kind}`);
  return (
    <p
      className={cn("min-w-0 flex-1 truncate text-[0.8125rem]", unread ? "text-ink" : "text-muted")}
    >
      {by && <span className="text-muted">{t("conversation.by", { name: by })}</span>}
      {plain(last?.text ?? "") || t("conversation.nothingSaid")}
    </p>
  );
}
