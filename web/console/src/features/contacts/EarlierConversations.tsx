import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Badge } from "../../components/Badge";
import { plain } from "../../lib/plain";
import { formatMoment } from "../../lib/time";
import { useNow } from "../../lib/useNow";
import { contactConversationsQuery } from "./queries";

type Props = { contact: number; current: number };

/** What else the contact asked. */
export function EarlierConversations({ contact, current }: Props) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const { data = [] } = useQuery(contactConversationsQuery(contact));
  const earlier = data.filter((conversation) => conversation.id !== current);
  if (earlier.length === 0)
    return <p className="text-[0.8125rem] text-muted">{t("contact.first")}</p>;
  return (
    <ul className="-mx-2 grid gap-0.5">
      {earlier.map((conversation) => (
        <li key={conversation.id}>
          <Link
            to="/conversations/$id"
            params={{ id: conversation.id }}
            search={(search) => search}
            className="block rounded-lg px-2 py-1.5 hover:bg-hover"
          >
            <span className="flex items-center gap-2 text-xs text-muted">
              <Badge>{t(`status.${conversation.status}`)}</Badge>
              <time dateTime={conversation.created_at} className="ml-auto tabular-nums">
                {formatMoment(conversation.created_at, now, i18n.language)}
              </time>
            </span>
            <span className="mt-1 block truncate text-[0.8125rem] text-ink">
              {plain(conversation.last_message?.text ?? "") || `#${conversation.id}`}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
