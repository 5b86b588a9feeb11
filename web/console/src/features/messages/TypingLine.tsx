import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { typingQuery } from "./typing";

/** Tells that the contact is writing. */
export function TypingLine({ conversation, name }: { conversation: number; name: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(typingQuery(conversation));
  if (!data) return null;
  return (
    <p className="mt-3 flex items-center gap-2 text-xs text-muted sm:ml-11">
      <span aria-hidden className="flex gap-1">
        <span className="size-1.5 animate-pulse rounded-full bg-control" />
        <span className="size-1.5 animate-pulse rounded-full bg-control [animation-delay:150ms]" />
        <span className="size-1.5 animate-pulse rounded-full bg-control [animation-delay:300ms]" />
      </span>
      {t("message.typing", { name })}
    </p>
  );
}
