import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { LoadMore } from "../../components/LoadMore";
import { ConversationRow } from "./ConversationRow";
import type { Filters } from "./filters";
import { useConversations } from "./queries";
import { useUnread } from "./readMarks";

type Props = { filters: Filters; selected: number | undefined };

/** The conversations that pass the filters; more come as one scrolls. */
export function ConversationList({ filters, selected }: Props) {
  const { t } = useTranslation();
  const list = useConversations(filters);
  const isUnread = useUnread();

  if (list.isPending) return <Loading rows={7} />;
  if (!list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (list.data.length === 0) {
    return (
      <EmptyState icon={Inbox} title={t(`empty.${filters.view}.title`)}>
        {t(`empty.${filters.view}.text`)}
      </EmptyState>
    );
  }
  return (
    <ul>
      {list.data.map((conversation) => (
        <li key={conversation.id}>
          <ConversationRow
            conversation={conversation}
            selected={conversation.id === selected}
            unread={conversation.id !== selected && isUnread(conversation)}
          />
        </li>
      ))}
      <li>
        <LoadMore query={list} />
      </li>
    </ul>
  );
}
