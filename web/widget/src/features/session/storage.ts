/**
 * What the widget keeps on the device, for each inbox apart: the visitor token, how far was read, the
 * chosen language; and, for each tab apart, what was said but not yet confirmed.
 *
 * A browser that refuses storage to frames leaves it in memory: the chat works until the page is left.
 */
import type { Locale, VisitorSend } from "@attune/shared/live";

import type { Pending } from "../thread/thread.ts";

/** What all tabs of an inbox share. */
export interface Kept {
  token: string | null;
  /** The `sub` of the identity that the token belongs to; it tells two users of one browser apart. */
  subject: string | null;
  read: { conversation_id: number; seq: number } | null;
  locale: Locale | null;
}

/** What one tab has said and not had confirmed. */
export interface Unsent {
  pending: Pending[];
  frames: VisitorSend[];
}

/** The memory of one inbox. */
export interface InboxStorage {
  load(): Kept;
  save(kept: Kept): void;
  loadUnsent(): Unsent;
  saveUnsent(unsent: Unsent): void;
  /** Forgets everything about the visitor; the chosen language stays. */
  wipe(): void;
  /** Calls `changed` when another tab has changed what is shared; returns the way to stop. */
  watch(changed: (kept: Kept) => void): () => void;
}

const NOTHING: Kept = { token: null, subject: null, read: null, locale: null };

/** The part of the browser's storage that is used. */
export type Area = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Storage in memory. */
export function memoryArea(): Area {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** The storage of a window if it may be used, else memory. */
export function areaOf(page: Window, kind: "localStorage" | "sessionStorage"): Area {
  try {
    const area = page[kind];
    area.setItem("attune:probe", "1");
    area.removeItem("attune:probe");
    return area;
  } catch {
    return memoryArea();
  }
}

/** The memory of one inbox over two areas of storage. */
export function createStorage(inbox: string, shared: Area, tab: Area, page?: Window): InboxStorage {
  const key = `attune:${inbox}`;
  const unsentKey = `attune:${inbox}:unsent`;
  const write = (area: Area, name: string, value: unknown) => {
    try {
      area.setItem(name, JSON.stringify(value));
    } catch {
      // A full or forbidden storage costs comfort after a reload, nothing else.
    }
  };
  const load = () => ({ ...NOTHING, ...read<Partial<Kept>>(shared, key) });
  return {
    load,
    save: (kept) => write(shared, key, kept),
    loadUnsent() {
      const { pending, frames } = read<Partial<Unsent>>(tab, unsentKey) ?? {};
      return {
        pending: Array.isArray(pending) ? pending : [],
        frames: Array.isArray(frames) ? frames : [],
      };
    },
    saveUnsent(unsent) {
      if (unsent.pending.length + unsent.frames.length === 0) tab.removeItem(unsentKey);
      else write(tab, unsentKey, unsent);
    },
    wipe() {
      write(shared, key, { ...NOTHING, locale: load().locale });
      tab.removeItem(unsentKey);
    },
    watch(changed) {
      const onStorage = (event: StorageEvent) => {
        if (event.key === key || event.key === null) changed(load());
      };
      page?.addEventListener("storage", onStorage);
      return () => page?.removeEventListener("storage", onStorage);
    },
  };
}

function read<T>(area: Area, key: string): T | null {
  try {
    const value: unknown = JSON.parse(area.getItem(key) ?? "null");
    return typeof value === "object" ? (value as T) : null;
  } catch {
    return null;
  }
}
