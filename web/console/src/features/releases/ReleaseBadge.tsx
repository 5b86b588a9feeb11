import { useTranslation } from "react-i18next";

import type { Release } from "../../api/types";
import { Badge, type Tone } from "../../components/Badge";

const TONES: Record<Release["state"], Tone> = {
  training: "warn",
  failed: "danger",
  candidate: "accent",
  released: "ok",
  retired: "neutral",
};

/** How far a release is. */
export function ReleaseBadge({ state }: { state: Release["state"] }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state]}>{t(`releases.state.${state}`)}</Badge>;
}
