import { Bot, Check, CircleDot, Clock, type LucideIcon } from "lucide-react";

import type { Status } from "../../api/types";

/** The sign of each status, the same wherever it is named. */
export const STATUS_ICONS: Record<Status, LucideIcon> = {
  bot: Bot,
  open: CircleDot,
  snoozed: Clock,
  resolved: Check,
};
