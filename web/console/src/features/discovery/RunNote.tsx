import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Discovery } from "../../api/types";
import { Card } from "../../components/Card";
import { Spinner } from "../../components/Spinner";

/** Says that a discovery is under way, or why it failed; nothing if all is well. */
export function RunNote({ discovery }: { discovery: Discovery }) {
  const { t } = useTranslation();
  const { state, days, error, findings } = discovery;
  if (state === "done") return null;
  const before = findings && t("discovery.before");
  if (state === "failed") {
    return (
      <Card className="mb-6 flex gap-3 p-4 text-sm leading-relaxed text-danger-ink">
        <CircleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0" />
        <span role="alert" className="min-w-0 break-words">
          <span className="block">{[t("discovery.failed"), error].filter(Boolean).join(" ")}</span>
          {before && <span className="block text-muted">{before}</span>}
        </span>
      </Card>
    );
  }
  return (
    <Card className="mb-6 flex gap-3 p-4 text-sm leading-relaxed text-ink">
      <Spinner className="mt-1 shrink-0 text-accent-ink" />
      <p role="status" className="min-w-0">
        <span className="block font-medium">
          {days ? t("discovery.inDays", { count: days }) : t("discovery.inTable")}
        </span>
        <span className="block text-[0.8125rem] text-muted">{t("discovery.leave")}</span>
        {before && <span className="block text-[0.8125rem] text-muted">{before}</span>}
      </p>
    </Card>
  );
}
