import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { formatMoment } from "../../lib/time";
import { useNow } from "../../lib/useNow";
import { WaitingTime } from "./WaitingTime";

/** The time a row shows: how long somebody waits, else when something was last said. */
export function RowTime({ conversation }: { conversation: Conversation }) {
  const { i18n } = useTranslation();
  const now = useNow();
  if (conversation.waiting_since) return <WaitingTime since={conversation.waiting_since} />;
  const at = conversation.last_message?.at ?? conversation.created_at;
  return (
    <time dateTime={at} className="text-xs text-muted tabular-nums">
      {formatMoment(at, now, i18n.language)}
    </time>
  );
}
