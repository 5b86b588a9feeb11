import { neutralise } from "@attune/shared/text";
import {
  ArrowRightLeft,
  Check,
  Clock,
  HandHelping,
  type LucideIcon,
  RotateCcw,
  Star,
  Undo2,
} from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Message } from "../../api/types";
import { formatClock } from "../../lib/time";

const ICONS: Record<string, LucideIcon> = {
  handed_off: HandHelping,
  assigned: ArrowRightLeft,
  resolved: Check,
  reopened: RotateCcw,
  rated: Star,
  out_of_hours: Clock,
  retracted: Undo2,
};

/** A public fact between the messages. */
export function ActivityLine({ message }: { message: Message }) {
  const { i18n } = useTranslation();
  const Icon = (message.activity ? ICONS[message.activity] : undefined) ?? Check;
  return (
    <p className="mx-auto mt-4 flex w-fit max-w-full items-center gap-2 px-3 text-center text-xs text-muted">
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {neutralise(message.text)}
      <time dateTime={message.created_at} className="shrink-0 tabular-nums">
        {formatClock(message.created_at, i18n.language)}
      </time>
    </p>
  );
}
