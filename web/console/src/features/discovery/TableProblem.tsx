import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { problemOf } from "../../api/client";
import { Problem } from "../../components/Problem";

/** Says which lines of a table cannot be read, and why; any other error in its own words. */
export function TableProblem({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  const fields = problemOf(error)?.problem.errors ?? [];
  const lines = fields.filter(({ pointer }) => pointer === "").map(({ detail }) => detail);
  if (lines.length === 0) return <Problem error={error} />;
  return (
    <div
      role="alert"
      className="flex items-start gap-2 rounded-lg bg-danger-soft px-3 py-2 text-[0.8125rem] leading-relaxed text-danger-ink"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 break-words">
        <p className="font-medium">{t("discovery.unreadable")}</p>
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
