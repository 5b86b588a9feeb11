import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import { Button } from "../../components/Button";
import { cn } from "../../lib/cn";
import type { Pending } from "./sending";

/** Something on its way, or something that failed and can be sent again. */
export function PendingBubble({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const note = pending.kind === "note";
  return (
    <div className="mt-1 flex flex-col items-end gap-1 sm:pr-11">
      <p
        className={cn(
          "max-w-[min(36rem,82%)] overflow-x-clip rounded-2xl rounded-br-md px-3.5 py-2 text-sm leading-relaxed break-words whitespace-pre-wrap",
          note ? "bg-warn-soft text-ink" : "bg-own text-on-own",
          !pending.error && "opacity-60",
        )}
      >
        {pending.text || pending.attachments.map((file) => file.name).join(", ")}
      </p>
      {pending.error ? (
        <div
          role="alert"
          className="flex flex-wrap items-center justify-end gap-1 text-xs text-danger-ink"
        >
          {t("message.notSent", { why: explain(pending.error, t) })}
          <Button size="sm" variant="ghost" onClick={pending.retry}>
            {t("common.retry")}
          </Button>
          <Button size="sm" variant="ghost" onClick={pending.discard}>
            {t("message.discard")}
          </Button>
        </div>
      ) : (
        <p className="text-xs text-muted">{t("message.sending")}</p>
      )}
    </div>
  );
}
