/** How shares of a whole read in the console. */

/** Writes a share from 0 to 1 as a percentage, such as 97.3 %. */
export function formatShare(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(
    share,
  );
}
