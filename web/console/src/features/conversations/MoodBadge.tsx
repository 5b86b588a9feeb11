import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { Badge } from "../../components/Badge";
import { MOODS } from "./moods";

/** How the contact feels, in a word; nothing while that is neutral. */
export function MoodBadge({ mood }: { mood: Conversation["mood"] }) {
  const { t } = useTranslation();
  if (!mood) return null;
  const { icon: Icon, tone } = MOODS[mood.emotion];
  const name = t(`emotion.${mood.emotion}`);
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      <span aria-hidden>{name}</span>
      <span className="sr-only">{t("conversation.moodIs", { mood: name })}</span>
    </Badge>
  );
}
