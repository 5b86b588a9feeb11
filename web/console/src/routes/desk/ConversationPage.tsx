import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { may } from "../../features/auth/permissions";
import { meQuery } from "../../features/auth/queries";
import { useConversation } from "../../features/conversations/queries";
import { markRead } from "../../features/conversations/readMarks";
import { ConversationPane } from "./ConversationPane";
import { SidePanel } from "./SidePanel";

const route = getRouteApi("/app/conversations/$id");

/** A conversation with everything around it. */
export function ConversationPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { panel } = route.useSearch();
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const conversation = useConversation(id);
  useReading(conversation.data);
  const showPanel = (shown: boolean) =>
    navigate({ to: ".", search: (search) => ({ ...search, panel: shown || undefined }) });

  if (conversation.isPending) {
    return (
      <div className="flex-1 bg-canvas">
        <Loading />
      </div>
    );
  }
  if (!conversation.data) {
    return (
      <div className="flex flex-1 flex-col items-center bg-canvas">
        <ErrorState error={conversation.error} onRetry={conversation.refetch} />
        <Link
          to="/conversations"
          search={(search) => search}
          className="text-[0.8125rem] font-medium text-accent-ink hover:underline"
        >
          {t("conversation.back")}
        </Link>
      </div>
    );
  }
  return (
    <>
      <ConversationPane
        // A pane keeps no state of another conversation.
        key={id}
        conversation={conversation.data}
        me={me}
        onShowPanel={() => showPanel(true)}
      />
      <SidePanel
        conversation={conversation.data}
        me={me.agent.id}
        mayWrite={may(me, "write_conversations")}
        mayChangeContact={may(me, "write_contacts")}
        open={panel === true}
        onClose={() => showPanel(false)}
      />
    </>
  );
}

/** Marks a conversation as read while somebody looks at it. */
function useReading(conversation: Conversation | undefined): void {
  const id = conversation?.id;
  const seq = conversation?.last_seq;
  useEffect(() => {
    if (id === undefined || seq === undefined) return;
    const mark = () => {
      if (document.visibilityState === "visible") markRead(id, seq);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [id, seq]);
}
