/** Days and times as people say them. */
import type { Speech } from "../../i18n.ts";
import { dayKey } from "./lines.ts";

/** A time of day. */
export function timeText(at: Date, { locale }: Speech): string {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

/** A day, near ones by name. */
export function dayText(at: Date, now: Date, { t, locale }: Speech): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(at) === dayKey(now)) return t("day.today");
  if (dayKey(at) === dayKey(yesterday)) return t("day.yesterday");
  const year = at.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  const format = { ...year, month: "long", day: "numeric", weekday: "short" } as const;
  return new Intl.DateTimeFormat(locale, format).format(at);
}
