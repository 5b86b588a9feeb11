import { Link } from "@tanstack/react-router";
import { ArrowLeft, BadgeCheck, PanelRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { IconButton } from "../../components/IconButton";
import { contactName } from "./contactName";
import { MoodBadge } from "./MoodBadge";
import { StatusBadge } from "./StatusBadge";
import { WaitingTime } from "./WaitingTime";

type Props = {
  conversation: Conversation;
  onShowPanel: () => void;
  /** What can be done with the conversation. */
  children: ReactNode;
};

/** The top of a thread: who it is with, how it stands, what can be done. */
export function ConversationHeader({ conversation, onShowPanel, children }: Props) {
  const { t } = useTranslation();
  const name = contactName(conversation, t);
  return (
    <header className="flex h-15 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 sm:px-4">
      <Link
        to="/conversations"
        search={(search) => search}
        aria-label={t("conversation.back")}
        className="-ml-1 inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted hover:bg-hover md:hidden"
      >
        <ArrowLeft aria-hidden className="size-5" />
      </Link>
      <span className="max-sm:hidden">
        <Avatar name={name} id={conversation.contact.id} />
      </span>
      <div className="min-w-0 flex-1 sm:ml-1">
        <h2 className="flex items-center gap-1.5 text-sm font-semibold text-ink">
          <span className="truncate">{name}</span>
          {conversation.contact.verified && (
            <BadgeCheck
              role="img"
              aria-label={t("contact.verified")}
              className="size-4 shrink-0 text-accent-ink"
            />
          )}
        </h2>
        <p className="flex items-center gap-2 overflow-x-clip text-xs text-muted">
          <StatusBadge status={conversation.status} />
          <MoodBadge mood={conversation.mood} />
          {conversation.waiting_since && <WaitingTime since={conversation.waiting_since} />}
          <span className="truncate max-lg:hidden">{conversation.assignee?.name}</span>
        </p>
      </div>
      {children}
      <span className="xl:hidden">
        <IconButton label={t("conversation.showPanel")} onClick={onShowPanel}>
          <PanelRight aria-hidden />
        </IconButton>
      </span>
    </header>
  );
}
