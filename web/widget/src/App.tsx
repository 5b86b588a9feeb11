/** The whole widget: header, thread, composer, and the wiring to page and session. */
import type { QuickReply } from "@attune/shared/live";
import { useEffect, useMemo, useState } from "preact/hooks";

import { FilesContext } from "./features/attachment/AttachmentView.tsx";
import type { Files } from "./features/attachment/files.ts";
import { Composer } from "./features/composer/Composer.tsx";
import { Banner } from "./features/connection/Banner.tsx";
import { Header } from "./features/header/Header.tsx";
import { RatingForm, RatingThanks } from "./features/rating/RatingForm.tsx";
import type { Session, SessionState } from "./features/session/session.ts";
import { ThreadView } from "./features/thread/ThreadView.tsx";
import { asksForRating } from "./features/thread/thread.ts";
import type { Host } from "./host.ts";
import { SpeechContext, speechOf } from "./i18n.ts";

interface Props {
  session: Session;
  files: Files;
  host: Host;
  now: () => Date;
  /** Grows each time that the page shows the frame. */
  opened: number;
}

/** The root of the widget. */
export function App({ session, files, host, now, opened }: Props) {
  const state = useSessionState(session);
  const speech = useMemo(() => speechOf(state.locale), [state.locale]);
  const { thread, link } = state;
  const { t } = speech;

  useEffect(() => {
    document.documentElement.lang = state.locale === "zh" ? "zh-CN" : "en";
    const title = thread.inbox?.name ?? t("title");
    document.title = state.unread > 0 ? t("page.unread", { count: state.unread, title }) : title;
  }, [state.locale, state.unread, thread.inbox?.name, t]);

  const thanked = state.score !== null && thread.conversation?.status === "resolved";
  const onQuickReply = ({ title, value }: QuickReply) => session.say(title, [], value);
  return (
    <SpeechContext.Provider value={speech}>
      <FilesContext.Provider value={files}>
        <main class={host.embedded ? "app embedded" : "app page"}>
          <Header
            thread={thread}
            onLocale={(locale) => session.setLocale(locale)}
            onMinimise={host.embedded ? () => host.post({ type: "close" }) : undefined}
          />
          <Banner
            link={link}
            interrupted={state.interrupted}
            onReconnect={() => session.reconnect()}
          />
          {isAlone(thread) && <p class="notice">{t("header.away")}</p>}
          <ThreadView
            thread={thread}
            known={state.known}
            online={link.phase === "online"}
            now={now()}
            thanked={thanked}
            onQuickReply={onQuickReply}
            onRetry={(id) => session.retry(id)}
            onDiscard={(id) => session.discard(id)}
          >
            {asksForRating(thread) && (
              <RatingForm onRate={(score, comment) => session.rate(score, comment)} />
            )}
            {thanked && state.score !== null && <RatingThanks score={state.score} />}
          </ThreadView>
          <Composer
            disabled={link.phase === "refused"}
            focusWish={opened}
            onSay={(text, attachments) => session.say(text, attachments)}
            onTyping={() => session.typing()}
          />
        </main>
      </FilesContext.Provider>
    </SpeechContext.Provider>
  );
}

/** Nobody is there to answer, and nobody does so all the same. */
function isAlone({ inbox, conversation }: SessionState["thread"]): boolean {
  return inbox?.online === false && !conversation?.assignee;
}

function useSessionState(session: Session): SessionState {
  const [state, setState] = useState(session.state);
  useEffect(() => {
    const update = () => setState(session.state);
    update();
    return session.subscribe(update);
  }, [session]);
  return state;
}
