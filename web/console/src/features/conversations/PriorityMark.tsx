import { ChevronDown, ChevronsUp, ChevronUp, Equal } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Priority } from "../../api/types";
import { cn } from "../../lib/cn";

/** The priorities, most pressing first. */
export const PRIORITIES = ["urgent", "high", "medium", "low", "none"] as const satisfies Priority[];

const MARKS = {
  urgent: { icon: ChevronsUp, tone: "text-danger-ink" },
  high: { icon: ChevronUp, tone: "text-warn-ink" },
  medium: { icon: Equal, tone: "text-accent-ink" },
  low: { icon: ChevronDown, tone: "text-muted" },
};

/** The sign of a priority; nothing where there is none. */
export function PriorityMark({ priority, className }: { priority: Priority; className?: string }) {
  const { t } = useTranslation();
  if (priority === "none") return null;
  const { icon: Icon, tone } = MARKS[priority];
  return (
    <Icon
      role="img"
      aria-label={t("conversation.priorityIs", { priority: t(`priority.${priority}`) })}
      strokeWidth={2.5}
      className={cn("size-4 shrink-0", tone, className)}
    />
  );
}
