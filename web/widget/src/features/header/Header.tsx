/** Who the visitor talks to. */
import { displayName, initials } from "@attune/shared/text";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import type { Thread } from "../thread/thread.ts";

interface Props {
  thread: Thread;
  onLocale: (locale: "zh" | "en") => void;
  /** Absent on a page of its own. */
  onMinimise?: (() => void) | undefined;
}

/** The bar at the top. */
export function Header({ thread, onLocale, onMinimise }: Props) {
  const { t, locale } = useSpeech();
  const { inbox, conversation } = thread;
  const agent = conversation?.assignee && displayName(conversation.assignee.name);
  const other = locale === "zh" ? "en" : "zh";
  return (
    <header class="header">
      <span class="header-face" aria-hidden="true">
        {agent ? initials(agent) : <Icon name="mark" />}
        {inbox && <i class={`presence ${inbox.online || agent ? "on" : "off"}`} />}
      </span>
      <div class="header-text">
        <h1>{inbox ? displayName(inbox.name) : t("title")}</h1>
        <p>{inbox ? <Who thread={thread} agent={agent || null} /> : t("thread.loading")}</p>
      </div>
      <button
        type="button"
        class="header-button language"
        lang={other}
        aria-label={`${t("language.switch")}: ${t(`language.${other}`)}`}
        onClick={() => onLocale(other)}
      >
        {t(`language.${other}`)}
      </button>
      {onMinimise && (
        <button
          type="button"
          class="header-button"
          aria-label={t("header.minimise")}
          onClick={onMinimise}
        >
          <Icon name="down" />
        </button>
      )}
    </header>
  );
}

function Who({ thread, agent }: { thread: Thread; agent: string | null }) {
  const { t } = useSpeech();
  const { inbox, conversation } = thread;
  if (agent) return <>{t("header.agent", { name: agent })}</>;
  if (conversation?.status === "open") return <>{t("header.waiting")}</>;
  const name = displayName(inbox?.bot_name ?? "");
  return <>{name ? t("header.bot", { name }) : t("header.online")}</>;
}
