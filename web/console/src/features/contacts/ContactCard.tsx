import { displayName, hasLookAlikes } from "@attune/shared/text";
import { useQuery } from "@tanstack/react-query";
import { BadgeCheck, BadgeX, Mail, Pencil, Phone, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Contact } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { IconButton } from "../../components/IconButton";
import { ContactDialog } from "./ContactDialog";
import { contactQuery } from "./queries";

type Props = { contact: Pick<Contact, "id" | "name" | "verified">; mayChange: boolean };

/** Who a conversation is with, and how sure that is. */
export function ContactCard({ contact: known, mayChange }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(contactQuery(known.id));
  const [editing, setEditing] = useState(false);
  const contact = data ?? known;
  const name = displayName(contact.name ?? "") || t("contact.nameless", { id: contact.id });
  return (
    <div className="flex flex-col items-center px-5 pt-6 pb-5 text-center">
      <Avatar name={name} id={contact.id} size="lg" />
      <p className="mt-3 flex max-w-full items-center gap-1 font-semibold text-ink">
        <span className="truncate">{name}</span>
        {mayChange && data && (
          <IconButton label={t("contact.edit")} className="size-7" onClick={() => setEditing(true)}>
            <Pencil aria-hidden />
          </IconButton>
        )}
      </p>
      <div className="mt-1 flex flex-wrap justify-center gap-1.5">
        {contact.verified ? (
          <Badge tone="ok">
            <BadgeCheck aria-hidden />
            {t("contact.verified")}
          </Badge>
        ) : (
          <Badge>
            <BadgeX aria-hidden />
            {t("contact.unverified")}
          </Badge>
        )}
        {hasLookAlikes(contact.name ?? "") && (
          <Badge tone="warn">
            <TriangleAlert aria-hidden />
            {t("contact.lookAlikes")}
          </Badge>
        )}
      </div>
      {data && <Addresses contact={data} />}
      {editing && data && <ContactDialog contact={data} onClose={() => setEditing(false)} />}
    </div>
  );
}

function Addresses({ contact }: { contact: Contact }) {
  return (
    <ul className="mt-3 grid max-w-full grid-cols-[minmax(0,1fr)] gap-1 text-[0.8125rem] text-muted">
      {contact.email && (
        <li className="flex items-center justify-center gap-2">
          <Mail aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate">{displayName(contact.email)}</span>
        </li>
      )}
      {contact.phone && (
        <li className="flex items-center justify-center gap-2">
          <Phone aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate">{displayName(contact.phone)}</span>
        </li>
      )}
    </ul>
  );
}
