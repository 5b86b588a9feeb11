import { useTranslation } from "react-i18next";

import { formatDay } from "../../lib/time";

/** The day that the messages below were said on. */
export function DayLine({ at }: { at: string }) {
  const { i18n } = useTranslation();
  return (
    <h3 className="mt-5 flex items-center gap-3 text-xs font-medium text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <time dateTime={at}>{formatDay(at, i18n.language)}</time>
    </h3>
  );
}
