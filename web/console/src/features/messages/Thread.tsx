import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Message } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { LoadMore } from "../../components/LoadMore";
import { toast } from "../../components/toasts";
import { DayLine } from "./DayLine";
import { NewsReader } from "./NewsReader";
import { PendingBubble } from "./PendingBubble";
import { useReport, useRetract, useThread } from "./queries";
import { usePending } from "./sending";
import { ThreadItem } from "./ThreadItem";
import { TypingLine } from "./TypingLine";
import { goesOn, startsDay } from "./together";

type Props = {
  conversation: number;
  contactName: string;
  /** The signed-in agent, who may retract what they said; absent for those who may not write. */
  me: number | undefined;
  /** Shown where the bot handed over. */
  handoff: ReactNode;
};

/**
 * A thread, kept at its end.
 *
 * The box is laid out backwards, so the browser itself holds the place while
 * older messages arrive above and new ones below.
 */
export function Thread({ conversation, contactName, me, handoff }: Props) {
  const { t } = useTranslation();
  const thread = useThread(conversation);
  const pending = usePending(conversation);
  const retract = useRetract(conversation);
  const report = useReport(conversation);

  if (thread.isPending) return <Loading rows={5} />;
  if (!thread.data) return <ErrorState error={thread.error} onRetry={thread.refetch} />;
  const messages = thread.data;
  const handedOff = messages.findLast((message) => message.activity === "handed_off");
  const mine = (message: Message) => message.sender.kind === "agent" && message.sender.id === me;
  // What the contact said after it was for a person.
  const botUntil = messages.findLastIndex(
    ({ sender, activity }) => sender.kind === "bot" || activity === "handed_off",
  );
  const reportOf = ({ sender, text, seq }: Message, index: number) =>
    sender.kind === "contact" && text !== "" && seq != null && index < botUntil
      ? () => report.mutate(seq, { onSuccess: () => toast(t("message.reported")) })
      : undefined;
  return (
    <section
      aria-label={t("message.thread")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys.
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain -outline-offset-2"
    >
      <div className="mx-auto w-full max-w-4xl px-4 pb-4">
        <LoadMore query={thread} label={t("message.older")} />
        {messages.map((message, index) => {
          const before = messages[index - 1];
          return (
            <Fragment key={message.id}>
              {startsDay(before, message) && <DayLine at={message.created_at} />}
              <ThreadItem
                message={message}
                contactName={contactName}
                follows={goesOn(before, message)}
                onRetract={mine(message) ? () => retract.mutate(message.id) : undefined}
                onReport={reportOf(message, index)}
              />
              {message.id === handedOff?.id && handoff}
            </Fragment>
          );
        })}
        {!handedOff && handoff}
        {pending
          .filter((each) => !messages.some((message) => message.client_id === each.client_id))
          .map((each) => (
            <PendingBubble key={each.client_id} pending={each} />
          ))}
        <TypingLine conversation={conversation} name={contactName} />
        <NewsReader key={conversation} messages={messages} contactName={contactName} />
      </div>
    </section>
  );
}
