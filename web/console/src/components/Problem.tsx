import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../api/explain";

/** Says what went wrong and what to do, or nothing. */
export function Problem({ error }: { error: Error | null | undefined }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-lg bg-danger-soft px-3 py-2 text-[0.8125rem] leading-relaxed text-danger-ink"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {explain(error, t)}
    </p>
  );
}
