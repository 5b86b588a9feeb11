import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Conversation, Me } from "../../api/types";
import { agentsQuery } from "../../features/agents/queries";
import { may } from "../../features/auth/permissions";
import { useConversationActions } from "../../features/conversations/actions";
import { ConversationHeader } from "../../features/conversations/ConversationHeader";
import { ConversationToolbar } from "../../features/conversations/ConversationToolbar";
import { contactName } from "../../features/conversations/contactName";
import { HandoffCard } from "../../features/conversations/HandoffCard";
import { Thread } from "../../features/messages/Thread";
import { teamsQuery } from "../../features/teams/queries";
import { AnswerArea } from "./AnswerArea";

type Props = { conversation: Conversation; me: Me; onShowPanel: () => void };

/** The middle of the desk: header, thread and where one answers. */
export function ConversationPane({ conversation, me, onShowPanel }: Props) {
  const { t } = useTranslation();
  const mayWrite = may(me, "write_conversations");
  const { data: agents = [] } = useQuery(agentsQuery);
  const { data: teams = [] } = useQuery(teamsQuery);
  const actions = useConversationActions(conversation.id, me.agent.id);

  return (
    <section
      aria-label={t("conversation.one", { name: contactName(conversation, t) })}
      className="flex min-w-0 flex-1 flex-col bg-canvas"
    >
      <ConversationHeader conversation={conversation} onShowPanel={onShowPanel}>
        {mayWrite && (
          <ConversationToolbar
            conversation={conversation}
            me={me.agent.id}
            agents={agents.filter((agent) => agent.status === "active")}
            teams={teams}
            actions={actions}
          />
        )}
      </ConversationHeader>
      <Thread
        conversation={conversation.id}
        contactName={contactName(conversation, t)}
        me={mayWrite ? me.agent.id : undefined}
        handoff={conversation.handoff && <HandoffCard handoff={conversation.handoff} />}
      />
      {mayWrite && <AnswerArea conversation={conversation} me={me.agent.id} actions={actions} />}
    </section>
  );
}
