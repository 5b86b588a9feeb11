import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { Button } from "../../components/Button";
import { cannedResponsesQuery, renderCanned } from "../../features/canned-responses/queries";
import type { ConversationActions } from "../../features/conversations/actions";
import { TakeButton } from "../../features/conversations/TakeButton";
import { Composer } from "../../features/messages/Composer";
import { writeDraft } from "../../features/messages/drafts";
import { useHotkeys } from "../../lib/hotkeys";
import { useLiveActions } from "../../live/connection";
import { StateBar } from "./StateBar";

type Props = { conversation: Conversation; me: number; actions: ConversationActions };

/** Where one answers, or what must happen before one can. */
export function AnswerArea({ conversation, me, actions }: Props) {
  const { t } = useTranslation();
  const { id, status, assignee } = conversation;
  const { typing } = useLiveActions();
  const { data: canned = [] } = useQuery(cannedResponsesQuery);
  const field = useRef<HTMLTextAreaElement>(null);
  const write = (kind: "text" | "note") => {
    writeDraft(id, { kind });
    field.current?.focus();
  };
  useHotkeys({ r: () => write("text"), n: () => write("note") });

  if (status === "resolved") {
    return (
      <StateBar text={t("answer.resolved")}>
        <Button
          size="sm"
          variant="primary"
          busy={actions.reopen.isPending}
          onClick={() => actions.reopen.mutate("me")}
        >
          {t("conversation.reopen")}
        </Button>
      </StateBar>
    );
  }
  return (
    <>
      {status === "bot" && (
        <StateBar text={t("answer.bot")}>
          <TakeButton conversationId={id} me={me} />
        </StateBar>
      )}
      {status === "open" && !assignee && (
        <StateBar text={t("answer.nobody")}>
          <TakeButton conversationId={id} me={me} />
        </StateBar>
      )}
      <Composer
        conversation={id}
        canned={canned}
        renderCanned={(response) => renderCanned(response, id)}
        onTyping={() => typing(id)}
        field={field}
      />
    </>
  );
}
