import { Bot, Check, CircleDot, Clock } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Status } from "../../api/types";
import { Badge, type Tone } from "../../components/Badge";

const LOOKS = {
  bot: { icon: Bot, tone: "neutral" },
  open: { icon: CircleDot, tone: "accent" },
  snoozed: { icon: Clock, tone: "warn" },
  resolved: { icon: Check, tone: "ok" },
} satisfies Record<Status, { icon: typeof Bot; tone: Tone }>;

/** How far along a conversation is. */
export function StatusBadge({ status }: { status: Status }) {
  const { t } = useTranslation();
  const { icon: Icon, tone } = LOOKS[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`status.${status}`)}
    </Badge>
  );
}
