import { useTranslation } from "react-i18next";

/** Grey bars where rows will be. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-4">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are alike and never move.
        <div key={row} className="flex animate-pulse gap-3">
          <span className="size-9 shrink-0 rounded-full bg-sunken" />
          <span className="grid flex-1 gap-2 py-1">
            <span className="h-3 w-1/3 rounded bg-sunken" />
            <span className="h-3 w-4/5 rounded bg-sunken" />
          </span>
        </div>
      ))}
    </div>
  );
}
