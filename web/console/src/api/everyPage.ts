import type { Page } from "./types";

/** Enough for the settings of a large company; a list that is longer is shown by pages instead. */
const PAGES_MAX = 20;

/** The largest page that the server gives. */
export const PAGE_SIZE_MAX = 100;

/** Reads a short list to its end, page by page. */
export async function everyPage<T>(
  read: (query: { limit: number; after?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items: more, next } = await read({ limit: PAGE_SIZE_MAX, ...(after && { after }) });
    items.push(...more);
    if (!next) break;
    after = next;
  }
  return items;
}
