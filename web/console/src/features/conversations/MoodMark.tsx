import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { cn } from "../../lib/cn";
import { MOODS } from "./moods";

/** The sign of how the contact feels; nothing while that is neutral. */
export function MoodMark({ mood }: { mood: Conversation["mood"] }) {
  const { t } = useTranslation();
  if (!mood) return null;
  const { icon: Icon, ink } = MOODS[mood.emotion];
  return (
    <Icon
      role="img"
      aria-label={t("conversation.moodIs", { mood: t(`emotion.${mood.emotion}`) })}
      className={cn("size-4 shrink-0", ink)}
    />
  );
}
