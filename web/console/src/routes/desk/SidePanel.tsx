import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { IconButton } from "../../components/IconButton";
import { ContactCard } from "../../features/contacts/ContactCard";
import { EarlierConversations } from "../../features/contacts/EarlierConversations";
import { useConversationActions } from "../../features/conversations/actions";
import { ConversationFacts } from "../../features/conversations/ConversationFacts";
import { PriorityMenu } from "../../features/conversations/PriorityMenu";
import { TagPicker } from "../../features/conversations/TagPicker";
import { tagsQuery } from "../../features/tags/queries";
import { cn } from "../../lib/cn";

type Props = {
  conversation: Conversation;
  me: number;
  mayWrite: boolean;
  mayChangeContact: boolean;
  /** Whether it is laid over the thread, where there is no room beside it. */
  open: boolean;
  onClose: () => void;
};

/** Who asks and how the conversation stands. */
export function SidePanel({ conversation, me, mayWrite, mayChangeContact, open, onClose }: Props) {
  const { t } = useTranslation();
  const { data: tags = [] } = useQuery(tagsQuery);
  const { prioritise, tag } = useConversationActions(conversation.id, me);
  useEscape(open, onClose);
  return (
    <>
      {open && (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          onClick={onClose}
          className="fixed inset-0 z-20 bg-backdrop animate-fade xl:hidden"
        />
      )}
      <aside
        aria-label={t("conversation.panel")}
        className={cn(
          "w-76 shrink-0 overflow-y-auto border-l border-line bg-surface",
          open
            ? "max-xl:fixed max-xl:inset-y-0 max-xl:right-0 max-xl:z-30 max-xl:w-[min(22rem,92vw)] max-xl:shadow-2xl"
            : "max-xl:hidden",
        )}
      >
        <div className="absolute top-3 right-3 xl:hidden">
          <IconButton label={t("common.close")} onClick={onClose}>
            <X aria-hidden />
          </IconButton>
        </div>
        <ContactCard
          key={conversation.contact.id}
          contact={conversation.contact}
          mayChange={mayChangeContact}
        />
        <Part title={t("panel.conversation")}>
          <ConversationFacts
            conversation={conversation}
            priority={
              <PriorityMenu
                priority={conversation.priority}
                disabled={!mayWrite}
                onChange={(priority) => prioritise.mutate(priority)}
              />
            }
          />
        </Part>
        {(tags.length > 0 || conversation.tags.length > 0) && (
          <Part title={t("panel.tags")}>
            <TagPicker
              chosen={conversation.tags}
              tags={tags}
              disabled={!mayWrite}
              onChange={(ids) => tag.mutate(ids)}
            />
          </Part>
        )}
        <Part title={t("panel.earlier")}>
          <EarlierConversations contact={conversation.contact.id} current={conversation.id} />
        </Part>
      </aside>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-5 py-4">
      <h3 className="mb-2.5 text-xs font-medium text-muted">{title}</h3>
      {children}
    </section>
  );
}

function useEscape(active: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) onEscape();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [active, onEscape]);
}
