/** What one party said in a row. */
import type { Message } from "@attune/shared/live";
import { displayName, initials, neutralise } from "@attune/shared/text";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import { AttachmentView } from "../attachment/AttachmentView.tsx";
import type { Group } from "./lines.ts";
import { RichText } from "./RichText.tsx";
import type { Pending } from "./thread.ts";
import { timeText } from "./time.ts";

/** What may be done with a message that was refused. */
export interface PendingActions {
  onRetry: (client_id: string) => void;
  onDiscard: (client_id: string) => void;
}

interface Props extends PendingActions {
  group: Group;
  online: boolean;
  botName: string;
  /** The newest of the visitor's messages carries the word "delivered". */
  newestMine: number | null;
}

/** A group of bubbles with its picture, name and time. */
export function Bubbles({ group, online, botName, newestMine, ...actions }: Props) {
  const { t } = useSpeech();
  const name = nameOf(group, botName, t("sender.you"), t("sender.agent"), t("sender.bot"));
  return (
    <li class={`group ${group.mine ? "mine" : "theirs"} from-${group.kind}`}>
      {!group.mine && <Avatar kind={group.kind} name={name} />}
      <div class="stack">
        <p class={group.mine ? "hidden" : "name"}>{name}</p>
        {group.messages.map((message) => (
          <Bubble key={message.client_id ?? message.id} message={message} mine={group.mine} />
        ))}
        {group.messages.length > 0 && group.pending.length === 0 && (
          <Foot message={group.messages[group.messages.length - 1]} newestMine={newestMine} />
        )}
        {group.pending.map((pending) => (
          <Unconfirmed key={pending.client_id} pending={pending} online={online} {...actions} />
        ))}
      </div>
    </li>
  );
}

/** The round picture beside a group. */
export function Avatar({ kind, name }: { kind: Group["kind"]; name: string }) {
  return (
    <span class={`avatar ${kind}`} aria-hidden="true">
      {kind === "agent" ? initials(name) : <Icon name="mark" />}
    </span>
  );
}

/** A bubble with Markdown, for words that are nobody's message (the greeting). */
export function PlainBubble({ source }: { source: string }) {
  return (
    <div class="bubble">
      <RichText source={source} />
    </div>
  );
}

function Bubble({ message, mine }: { message: Message; mine: boolean }) {
  const { t } = useSpeech();
  if (message.retracted) return <div class="bubble retracted">{t("thread.retracted")}</div>;
  return (
    <>
      {message.text && (
        <div class="bubble">
          {mine ? (
            <p class="verbatim">{neutralise(message.text)}</p>
          ) : (
            <RichText source={message.text} />
          )}
        </div>
      )}
      {message.attachments.map((attachment) => (
        <AttachmentView key={attachment.id} attachment={attachment} />
      ))}
    </>
  );
}

function Foot({
  message,
  newestMine,
}: {
  message: Message | undefined;
  newestMine: number | null;
}) {
  const speech = useSpeech();
  if (!message) return null;
  const at = new Date(message.created_at);
  return (
    <p class="foot">
      <time dateTime={message.created_at} title={at.toLocaleString(speech.locale)}>
        {timeText(at, speech)}
      </time>
      {message.id === newestMine && (
        <span class="state">
          <Icon name="check" />
          {speech.t("message.sent")}
        </span>
      )}
    </p>
  );
}

function Unconfirmed({
  pending,
  online,
  onRetry,
  onDiscard,
}: PendingActions & { pending: Pending; online: boolean }) {
  const { t } = useSpeech();
  const { client_id, failed } = pending;
  return (
    <>
      {pending.text && (
        <div class={`bubble ${failed === null ? "pending" : "failed"}`}>
          <p class="verbatim">{neutralise(pending.text)}</p>
        </div>
      )}
      {pending.attachments.map((attachment) => (
        <AttachmentView key={attachment.id} attachment={attachment} />
      ))}
      {failed === null ? (
        <p class="foot">
          <span class="state">
            <Icon name="clock" />
            {t(online ? "message.sending" : "message.queued")}
          </span>
        </p>
      ) : (
        <p class="foot bad" role="alert">
          <span class="state">
            <Icon name="alert" />
            {failed ? t("message.failed_because", { reason: failed }) : t("message.failed")}
          </span>
          <button type="button" onClick={() => onRetry(client_id)}>
            {t("message.retry")}
          </button>
          <button type="button" onClick={() => onDiscard(client_id)}>
            {t("message.discard")}
          </button>
        </p>
      )}
    </>
  );
}

function nameOf(
  { mine, kind, name }: Group,
  botName: string,
  you: string,
  agent: string,
  bot: string,
) {
  if (mine) return you;
  const given = displayName(name ?? "");
  if (given) return given;
  return kind === "agent" ? agent : displayName(botName) || bot;
}
