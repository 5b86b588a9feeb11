/** Tells that the connection is missing, and what happens next. */
import type { LinkState } from "@attune/shared/live";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";

interface Props {
  link: LinkState;
  interrupted: boolean;
  onReconnect: () => void;
}

/** A line under the header; the place is always there, so that its words are announced. */
export function Banner({ link, interrupted, onReconnect }: Props) {
  const { t } = useSpeech();
  return (
    <div role="status" class="banner-place">
      {interrupted && link.phase !== "online" && (
        <div class={`banner ${link.phase === "refused" ? "bad" : ""}`}>
          <Icon name="offline" />
          <span>{sentence(link, t)}</span>
          {link.phase === "waiting" && (
            <button type="button" onClick={onReconnect}>
              {t("connection.retry")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function sentence({ phase }: LinkState, t: ReturnType<typeof useSpeech>["t"]): string {
  if (phase === "offline") return t("connection.offline");
  if (phase === "refused") return `${t("connection.refused")} ${t("connection.refused_detail")}`;
  return t("connection.waiting");
}
