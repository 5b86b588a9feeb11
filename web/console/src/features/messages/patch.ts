/**
 * How news reaches a thread in the cache: doubled news changes nothing, late
 * news finds its place, a gap is told to the caller.
 */
import type { InfiniteData } from "@tanstack/react-query";

import type { Message, Page } from "../../api/types";

/** The pages of a thread, as the cache holds them: the newest page first. */
export type ThreadPages = InfiniteData<Page<Message>, number | undefined>;

/** Puts a message into a thread that is loaded to its end; a known one is replaced. */
export function putMessage(data: ThreadPages, next: Message): ThreadPages {
  const [newest, ...older] = data.pages;
  if (!newest) return data;
  const known = data.pages.some((page) => page.items.some((item) => item.id === next.id));
  if (known)
    return mapMessages(data, (item) => (item.id === next.id ? keepLater(item, next) : item));
  if (isBeforeAll(data, next)) return data;
  return { ...data, pages: [{ ...newest, items: insert(newest.items, next) }, ...older] };
}

/** Tells whether a message belongs to a part of the thread that is not loaded yet. */
function isBeforeAll({ pages }: ThreadPages, { seq }: Message): boolean {
  const first = pages.at(-1);
  const first_seq = first?.items.find((item) => item.seq != null)?.seq;
  return Boolean(first?.next) && seq != null && first_seq != null && seq < first_seq;
}

/** Puts a message before the first one that follows it; a note goes to the end. */
function insert(items: Message[], next: Message): Message[] {
  const { seq } = next;
  const at = seq == null ? -1 : items.findIndex((item) => item.seq != null && item.seq > seq);
  return at === -1 ? [...items, next] : items.toSpliced(at, 0, next);
}

/** Blanks the messages that were taken back. */
export function blank(data: ThreadPages, taken: (message: Message) => boolean): ThreadPages {
  return mapMessages(data, (message) =>
    taken(message) ? { ...message, retracted: true, text: "", attachments: [] } : message,
  );
}

/** Tells whether something is missing before a message: its `seq` does not follow what is known. */
export function leavesGap(data: ThreadPages, next: Message): boolean {
  if (next.seq == null) return false;
  const seqs = data.pages.flatMap((page) => page.items.flatMap(({ seq }) => seq ?? []));
  return next.seq > Math.max(0, ...seqs) + 1;
}

/** A copy that was on its way when the message was taken back, or its files scanned, undoes neither. */
function keepLater(known: Message, next: Message): Message {
  if (known.retracted) return { ...next, retracted: true, text: "", attachments: [] };
  const attachments = next.attachments.map((file) => {
    const judged = known.attachments.find(
      ({ id, state }) => id === file.id && state !== "scanning",
    );
    return judged ?? file;
  });
  return { ...next, attachments };
}

function mapMessages(data: ThreadPages, change: (message: Message) => Message): ThreadPages {
  const pages = data.pages.map((page) => ({ ...page, items: page.items.map(change) }));
  return { ...data, pages };
}
