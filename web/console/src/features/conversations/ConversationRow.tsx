import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { cn } from "../../lib/cn";
import { contactName } from "./contactName";
import { LastMessage } from "./LastMessage";
import { MoodMark } from "./MoodMark";
import { PriorityMark } from "./PriorityMark";
import { RowTime } from "./RowTime";
import { TagMarks } from "./TagMarks";

type Props = { conversation: Conversation; selected: boolean; unread: boolean };

/** A conversation in a list: who, what was last said, since when they wait. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  selected,
  unread,
}: Props) {
  const { t } = useTranslation();
  const name = contactName(conversation, t);
  return (
    <Link
      to="/conversations/$id"
      params={{ id: conversation.id }}
      search={(search) => search}
      aria-current={selected ? "page" : undefined}
      data-conversation={conversation.id}
      className={cn(
        "relative flex gap-3 border-b border-line px-4 py-3 transition-colors hover:bg-hover",
        selected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      {selected && <span aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      <Avatar name={name} id={conversation.contact.id} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1.5">
          <span
            className={cn("truncate text-sm text-ink", unread ? "font-semibold" : "font-medium")}
          >
            {name}
          </span>
          <PriorityMark priority={conversation.priority} />
          <MoodMark mood={conversation.mood} />
          <span className="ml-auto shrink-0">
            <RowTime conversation={conversation} />
          </span>
        </div>
        <div className="mt-0.5 flex items-center gap-2">
          <LastMessage conversation={conversation} unread={unread} />
          {unread && (
            <span
              role="img"
              aria-label={t("conversation.unread")}
              className="size-2 shrink-0 rounded-full bg-accent"
            />
          )}
        </div>
        <div className="mt-1.5 flex items-center gap-2 text-xs text-muted">
          <span className="min-w-0 truncate">
            {conversation.inbox.name}
            <span aria-hidden className="mx-1 text-muted">
              ·
            </span>
            {conversation.assignee?.name ?? conversation.team?.name ?? t("conversation.nobody")}
          </span>
          <TagMarks tags={conversation.tags} />
        </div>
      </div>
    </Link>
  );
});
