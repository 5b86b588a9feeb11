/** How times read in the console. Pure: `now` is an argument. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How urgently somebody who waits should be seen. */
export type WaitLevel = "calm" | "warm" | "hot";

/** A span in its largest unit, such as 3 minutes. */
export function span(ms: number): { value: number; unit: "second" | "minute" | "hour" | "day" } {
  if (ms < MINUTE) return { value: Math.max(0, Math.floor(ms / 1000)), unit: "second" };
  if (ms < HOUR) return { value: Math.floor(ms / MINUTE), unit: "minute" };
  if (ms < DAY) return { value: Math.floor(ms / HOUR), unit: "hour" };
  return { value: Math.floor(ms / DAY), unit: "day" };
}

/** Writes a span in the narrow form of a language: `3m`, `3分钟`. */
export function formatSpan(ms: number, locale: string): string {
  const { value, unit } = span(ms);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" }).format(
    value,
  );
}

/** Says how long somebody has waited in colour as well as in words. */
export function waitLevel(ms: number): WaitLevel {
  if (ms < 2 * MINUTE) return "calm";
  return ms < 10 * MINUTE ? "warm" : "hot";
}

/** Writes a moment for a list: the time today, the date before. */
export function formatMoment(iso: string, now: number, locale: string): string {
  const date = new Date(iso);
  if (sameDay(date, new Date(now))) return formatClock(iso, locale);
  const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale, { year, month: "short", day: "numeric" }).format(date);
}

/** Writes the hour and minute. */
export function formatClock(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
}

/** Writes a moment in full. */
export function formatFull(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(iso),
  );
}

/** Writes a day, as a separator in a thread. */
export function formatDay(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(new Date(iso));
}

/** Tells whether two moments fall on one local day. */
export function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** The next local moment at `hour` o'clock, `days` from now. */
export function atHour(now: number, days: number, hour: number): Date {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  date.setHours(hour, 0, 0, 0);
  return date;
}

/** Days until the next Monday, at least one. */
export function daysToMonday(now: number): number {
  return (8 - new Date(now).getDay()) % 7 || 7;
}
