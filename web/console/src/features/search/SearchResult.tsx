import { displayName } from "@attune/shared/text";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { SearchHit } from "../../api/types";
import { formatFull } from "../../lib/time";
import { highlight } from "./highlight";

/** A message that was found, in its conversation. */
export function SearchResult({ hit: { message, conversation }, q }: { hit: SearchHit; q: string }) {
  const { t, i18n } = useTranslation();
  const contact = displayName(conversation.contact.name ?? "");
  return (
    <Link
      to="/conversations/$id"
      params={{ id: conversation.id }}
      search={{ view: "all", status: conversation.status }}
      className="block px-4 py-3 first:rounded-t-xl hover:bg-hover"
    >
      <span className="flex items-center gap-2 text-xs text-muted">
        <span className="truncate font-medium text-soft">
          {contact || t("contact.nameless", { id: conversation.contact.id })}
        </span>
        <span className="truncate">{conversation.inbox.name}</span>
        <time dateTime={message.created_at} className="ml-auto shrink-0 tabular-nums">
          {formatFull(message.created_at, i18n.language)}
        </time>
      </span>
      <span className="mt-1 line-clamp-2 text-sm leading-relaxed text-ink">
        <span className="text-muted">
          {t("conversation.by", { name: t(`sender.${message.sender.kind}`) })}
        </span>
        {highlight(message.text, q).map(({ text, hit, at }) =>
          hit ? (
            <mark key={at} className="rounded-sm bg-warn-soft text-warn-ink">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </span>
    </Link>
  );
}
