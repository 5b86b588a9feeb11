import { displayName } from "@attune/shared/text";
import type { TFunction } from "i18next";

import type { Conversation } from "../../api/types";

/** What to call the contact of a conversation. */
export function contactName({ contact }: Pick<Conversation, "contact">, t: TFunction): string {
  return displayName(contact.name ?? "") || t("contact.nameless", { id: contact.id });
}
