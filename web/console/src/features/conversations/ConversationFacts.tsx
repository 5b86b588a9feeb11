import { neutralise } from "@attune/shared/text";
import { Star } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { formatFull } from "../../lib/time";
import { StatusBadge } from "./StatusBadge";

type Props = {
  conversation: Conversation;
  /** The control that shows and changes the priority. */
  priority: ReactNode;
};

/** What is known about a conversation, as a list of names and values. */
export function ConversationFacts({ conversation, priority }: Props) {
  const { t, i18n } = useTranslation();
  const moment = (iso: string) => <time dateTime={iso}>{formatFull(iso, i18n.language)}</time>;
  return (
    <dl className="grid grid-cols-[5.5rem_1fr] items-center gap-x-3 gap-y-2 text-[0.8125rem]">
      <Fact name={t("facts.status")}>
        <StatusBadge status={conversation.status} />
      </Fact>
      <Fact name={t("facts.priority")}>{priority}</Fact>
      <Fact name={t("facts.assignee")}>
        {conversation.assignee?.name ?? t("conversation.nobody")}
      </Fact>
      <Fact name={t("facts.team")}>{conversation.team?.name}</Fact>
      <Fact name={t("facts.inbox")}>{conversation.inbox.name}</Fact>
      <Fact name={t("facts.intent")}>
        {conversation.intent && (
          <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs">
            {conversation.intent}
          </code>
        )}
      </Fact>
      <Fact name={t("facts.created")}>{moment(conversation.created_at)}</Fact>
      <Fact name={t("facts.snoozedUntil")}>
        {conversation.snoozed_until && moment(conversation.snoozed_until)}
      </Fact>
      <Fact name={t("facts.resolved")}>
        {conversation.resolved_at && moment(conversation.resolved_at)}
      </Fact>
      <Fact name={t("facts.rating")}>
        {conversation.rating && <Stars rating={conversation.rating} />}
      </Fact>
      <Fact name={t("facts.number")}>#{conversation.id}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 overflow-x-clip break-words text-ink">{children}</dd>
    </>
  );
}

function Stars({ rating }: { rating: NonNullable<Conversation["rating"]> }) {
  const { t } = useTranslation();
  return (
    <span>
      <span
        role="img"
        aria-label={t("facts.stars", { score: rating.score })}
        className="flex gap-0.5"
      >
        {[1, 2, 3, 4, 5].map((star) => (
          <Star
            key={star}
            aria-hidden
            className={
              star <= rating.score ? "size-3.5 fill-current text-star" : "size-3.5 text-line-strong"
            }
          />
        ))}
      </span>
      {rating.comment && (
        <span className="mt-1 block text-muted">“{neutralise(rating.comment)}”</span>
      )}
    </span>
  );
}
