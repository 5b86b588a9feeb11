import { useTranslation } from "react-i18next";

import type { Status } from "../../api/types";
import { Badge, type Tone } from "../../components/Badge";
import { STATUS_ICONS } from "./statusIcons";

const TONES: Record<Status, Tone> = {
  bot: "neutral",
  open: "accent",
  snoozed: "warn",
  resolved: "ok",
};

/** How far along a conversation is. */
export function StatusBadge({ status }: { status: Status }) {
  const { t } = useTranslation();
  const Icon = STATUS_ICONS[status];
  return (
    <Badge tone={TONES[status]}>
      <Icon aria-hidden />
      {t(`status.${status}`)}
    </Badge>
  );
}
