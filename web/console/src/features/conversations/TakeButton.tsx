import { Hand } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { useTake } from "./actions";

type Props = {
  conversationId: number;
  /** The signed-in agent. */
  me: number;
};

/** Takes a conversation from the bot, the queue or a colleague, or says why that is impossible. */
export function TakeButton({ conversationId, me }: Props) {
  const { t } = useTranslation();
  const take = useTake(conversationId, me);
  return (
    <>
      <Button variant="primary" size="sm" busy={take.isPending} onClick={() => take.mutate()}>
        <Hand aria-hidden />
        {t("conversation.take")}
      </Button>
      <Problem error={take.error} />
    </>
  );
}
