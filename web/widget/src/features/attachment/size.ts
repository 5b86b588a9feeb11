/** Writes a number of bytes as people read it. */
import type { Speech } from "../../i18n.ts";

/** A size such as `12 KB`. */
export function sizeText(bytes: number, { t, locale }: Speech): string {
  if (bytes < 1_000) return t("size.bytes", { count: bytes });
  const mb = bytes / 1_048_576;
  const [key, value] = mb < 1 ? (["size.kb", bytes / 1_024] as const) : (["size.mb", mb] as const);
  const digits = value < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return t(key, { value: number });
}
