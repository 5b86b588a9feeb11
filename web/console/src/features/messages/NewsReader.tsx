import { neutralise } from "@attune/shared/text";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Message } from "../../api/types";

/** Reads new messages of the contact aloud; what was there when the thread opened stays silent. */
export function NewsReader({
  messages,
  contactName,
}: {
  messages: Message[];
  contactName: string;
}) {
  const { t } = useTranslation();
  const last = messages.findLast((message) => message.sender.kind === "contact");
  const [first] = useState(last?.id);
  return (
    <p aria-live="polite" className="sr-only">
      {last &&
        last.id !== first &&
        `${t("message.by", { name: contactName })}: ${neutralise(last.text)}`}
    </p>
  );
}
