import { Angry, Annoyed, Frown, Hourglass, type LucideIcon, Smile } from "lucide-react";

import type { Emotion } from "../../api/types";
import type { Tone } from "../../components/Badge";

/** The sign of each mood, and what its colour says beside it. */
export const MOODS: Record<Emotion, { icon: LucideIcon; tone: Tone; ink: string }> = {
  anger: { icon: Angry, tone: "danger", ink: "text-danger-ink" },
  anxiety: { icon: Annoyed, tone: "warn", ink: "text-warn-ink" },
  disappointment: { icon: Frown, tone: "warn", ink: "text-warn-ink" },
  satisfaction: { icon: Smile, tone: "ok", ink: "text-ok-ink" },
  gratitude: { icon: Smile, tone: "ok", ink: "text-ok-ink" },
  urgency: { icon: Hourglass, tone: "warn", ink: "text-warn-ink" },
};
