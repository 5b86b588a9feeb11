import { displayName } from "@attune/shared/text";
import { GraduationCap, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Message } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { IconButton } from "../../components/IconButton";
import { cn } from "../../lib/cn";
import { formatClock } from "../../lib/time";
import { AttachmentView } from "./AttachmentView";
import { MessageText } from "./MessageText";
import { QuickReplies } from "./QuickReplies";

const LOOKS = {
  contact: "rounded-bl-md bg-surface border border-line text-ink",
  bot: "rounded-br-md bg-accent-soft text-ink",
  agent: "rounded-br-md bg-own text-on-own",
  system: "rounded-br-md bg-sunken text-ink",
};

type Props = {
  message: Message;
  /** What to call the contact. */
  contactName: string;
  /** Whether the message goes on where the same sender's last one ended. */
  follows: boolean;
  /** Takes the message back; absent where that is not allowed. */
  onRetract?: (() => void) | undefined;
  /** Says that the bot misunderstood it; absent where the bot had no part. */
  onReport?: (() => void) | undefined;
};

/** Shows what can be done with a message when somebody comes near it. */
const NEARBY =
  "self-center opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 touch:opacity-100";

/** Something said: the contact's on the left, ours on the right. */
export function MessageBubble({ message, contactName, follows, onRetract, onReport }: Props) {
  const { t, i18n } = useTranslation();
  const { kind, id, name } = message.sender;
  const theirs = kind === "contact";
  const by = theirs ? contactName : displayName(name ?? "") || t(`sender.${kind}`);
  return (
    <article
      aria-label={t("message.by", { name: by })}
      className={cn(
        "group flex items-end gap-2",
        !theirs && "flex-row-reverse",
        follows ? "mt-1" : "mt-4",
      )}
    >
      <span className={cn("w-9 shrink-0 max-sm:hidden", follows && "invisible")}>
        <Avatar name={by} id={id ?? 0} bot={kind === "bot"} />
      </span>
      <div
        className={cn(
          "flex max-w-[min(36rem,82%)] min-w-0 flex-col gap-1.5",
          theirs ? "items-start" : "items-end",
        )}
      >
        {!follows && (
          <p className="flex max-w-full gap-2 px-1 text-xs text-muted">
            <span className="min-w-0 truncate font-medium text-soft">{by}</span>
            <time dateTime={message.created_at} className="tabular-nums">
              {formatClock(message.created_at, i18n.language)}
            </time>
          </p>
        )}
        {message.retracted ? (
          <p className="rounded-2xl border border-dashed border-line-strong px-3.5 py-2 text-[0.8125rem] text-muted italic">
            {t("message.retracted")}
          </p>
        ) : (
          <>
            {message.text && (
              <div
                className={cn(
                  "min-w-0 max-w-full overflow-x-clip rounded-2xl px-3.5 py-2 text-sm leading-relaxed",
                  LOOKS[kind],
                )}
              >
                <MessageText message={message} />
              </div>
            )}
            {message.attachments.map((attachment) => (
              <AttachmentView key={attachment.id} attachment={attachment} />
            ))}
            <QuickReplies replies={message.quick_replies} />
          </>
        )}
      </div>
      {onRetract && (
        <span className={NEARBY}>
          <IconButton label={t("message.retract")} onClick={onRetract}>
            <Undo2 aria-hidden />
          </IconButton>
        </span>
      )}
      {onReport && (
        <span className={NEARBY}>
          <IconButton label={t("message.report")} onClick={onReport}>
            <GraduationCap aria-hidden />
          </IconButton>
        </span>
      )}
    </article>
  );
}
