/** The conversation: greeting, messages, what may be answered, and who is writing. */
import type { QuickReply } from "@attune/shared/live";
import { displayName, neutralise } from "@attune/shared/text";
import type { ComponentChildren } from "preact";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import { Avatar, Bubbles, type PendingActions, PlainBubble } from "./Bubbles.tsx";
import { type Line, linesOf } from "./lines.ts";
import { greeting, quickReplies, type Thread } from "./thread.ts";
import { dayText } from "./time.ts";
import { useStickyScroll } from "./useStickyScroll.ts";

interface Props extends PendingActions {
  thread: Thread;
  known: boolean;
  online: boolean;
  now: Date;
  /** The thanks for a rating are on the screen already. */
  thanked: boolean;
  onQuickReply: (reply: QuickReply) => void;
  /** What follows the last message: the rating. */
  children?: ComponentChildren;
}

/** The scrolling middle of the widget. */
export function ThreadView({
  thread,
  known,
  online,
  now,
  thanked,
  onQuickReply,
  children,
  ...actions
}: Props) {
  const { t } = useSpeech();
  const lines = linesOf(thread, greeting(thread));
  const replies = quickReplies(thread);
  const botName = thread.inbox?.bot_name ?? "";
  const mine = [...thread.messages].reverse().find(({ sender }) => sender.kind === "contact");
  const scroll = useStickyScroll(thread.messages.length, thread.pending.length);
  const starting = thread.messages.length === 0;

  return (
    <div class="middle">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class="scroll" ref={scroll.place} tabIndex={0}>
        <div class="content" ref={scroll.content}>
          {!known && lines.length === 0 && <Waiting />}
          <div role="log" aria-live="polite" aria-label={t("thread.label")}>
            <ol class="thread">
              {lines.map((line) => (
                <LineView
                  key={line.key}
                  line={line}
                  now={now}
                  thanked={thanked}
                  online={online}
                  botName={botName}
                  newestMine={mine?.id ?? null}
                  {...actions}
                />
              ))}
            </ol>
          </div>
          {replies.length > 0 && !thread.typing && (
            <QuickReplies
              label={t(starting ? "thread.starters" : "thread.quick_replies")}
              shown={starting}
              replies={replies}
              onChoose={onQuickReply}
            />
          )}
          <div role="status" class="typing-place">
            {thread.typing && (
              <Typing
                kind={thread.typing.kind}
                name={displayName(thread.typing.name ?? botName) || t("sender.agent")}
              />
            )}
          </div>
          {children}
        </div>
      </div>
      {scroll.away && (
        <button type="button" class="jump" onClick={scroll.jump}>
          <Icon name="down" />
          {scroll.missed > 0
            ? t("thread.new_messages", { count: scroll.missed })
            : t("thread.jump")}
        </button>
      )}
    </div>
  );
}

interface LineProps extends PendingActions {
  /** The thanks for a rating are on the screen already. */
  thanked: boolean;
  line: Line;
  now: Date;
  online: boolean;
  botName: string;
  newestMine: number | null;
}

function LineView({ line, now, ...rest }: LineProps) {
  const speech = useSpeech();
  if (line.type === "group") return <Bubbles group={line} {...rest} />;
  if (line.type === "greeting") return <Greeting text={line.text} botName={rest.botName} />;
  if (line.type === "day") {
    return (
      <li class="day">
        <span>{dayText(line.at, now, speech)}</span>
      </li>
    );
  }
  const { message } = line;
  if (message.activity === "rated" && rest.thanked) return null;
  const text =
    message.text || (message.activity ? speech.t(`activity.${known(message.activity)}`) : "");
  return (
    <li class="activity">
      <span>{neutralise(text)}</span>
    </li>
  );
}

function known(
  activity: string,
): "handed_off" | "assigned" | "resolved" | "reopened" | "rated" | "out_of_hours" {
  const codes = [
    "handed_off",
    "assigned",
    "resolved",
    "reopened",
    "rated",
    "out_of_hours",
  ] as const;
  return codes.find((code) => code === activity) ?? "assigned";
}

function Greeting({ text, botName }: { text: string; botName: string }) {
  const { t } = useSpeech();
  const name = displayName(botName) || t("sender.bot");
  return (
    <li class="group theirs from-bot">
      <Avatar kind="bot" name={name} />
      <div class="stack">
        <p class="name">{name}</p>
        <PlainBubble source={text} />
      </div>
    </li>
  );
}

function QuickReplies({
  label,
  shown,
  replies,
  onChoose,
}: {
  label: string;
  shown: boolean;
  replies: readonly QuickReply[];
  onChoose: (reply: QuickReply) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form
    <div role="group" aria-label={label} class={`replies ${shown ? "starters" : ""}`}>
      {shown && <p aria-hidden="true">{label}</p>}
      {replies.map((reply) => (
        <button key={reply.value} type="button" onClick={() => onChoose(reply)}>
          {neutralise(reply.title)}
        </button>
      ))}
    </div>
  );
}

function Typing({ kind, name }: { kind: "contact" | "agent" | "bot" | "system"; name: string }) {
  const { t } = useSpeech();
  return (
    <div class="group theirs typing">
      <Avatar kind={kind} name={name} />
      <div class="bubble">
        <span class="hidden">{t("thread.typing", { name })}</span>
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}

function Waiting() {
  const { t } = useSpeech();
  return (
    <div class="waiting">
      <span class="hidden">{t("thread.loading")}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
