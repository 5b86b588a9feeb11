/**
 * Small preferences that this browser remembers: theme, sound, read marks.
 *
 * Never server data: what the server knows lives in the query cache alone.
 */
import { useSyncExternalStore } from "react";

/** A remembered value, readable inside and outside of components. */
export type StoredValue<T> = {
  get: () => T;
  set: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
};

/** Opens the value under `key`; whatever `parse` refuses reads as `initial`. */
export function storedValue<T>(
  key: string,
  initial: T,
  parse: (value: unknown) => T | undefined,
): StoredValue<T> {
  const name = `attune.${key}`;
  const listeners = new Set<() => void>();
  let value = read(name, parse) ?? initial;
  return {
    get: () => value,
    set: (next) => {
      value = next;
      write(name, next);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Reads a remembered value and renders again when it changes. */
export function useStored<T>(stored: StoredValue<T>): T {
  return useSyncExternalStore(stored.subscribe, stored.get, stored.get);
}

function read<T>(name: string, parse: (value: unknown) => T | undefined): T | undefined {
  try {
    const text = localStorage.getItem(name);
    return text === null ? undefined : parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the preference then lasts as long as the page.
  }
}

/** Accepts only a boolean. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
