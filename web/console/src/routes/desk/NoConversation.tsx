import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";

/** Fills the place of the thread until a conversation is chosen. */
export function NoConversation() {
  const { t } = useTranslation();
  return (
    <div className="flex min-w-0 flex-1 items-center justify-center bg-canvas max-md:hidden">
      <EmptyState icon={MessagesSquare} title={t("conversation.choose")}>
        {t("conversation.chooseText")}
      </EmptyState>
    </div>
  );
}
