/** What the widget needs from the device beyond a live connection, as arguments. */
import { browserEnvironment, type Environment } from "@attune/shared/live";

/** The world around the widget. */
export interface WidgetEnvironment extends Environment {
  /** The time of day. */
  now(): Date;
  /** A fresh name for a send. */
  newClientId(): string;
}

/** The environment of a page in a browser. */
export function widgetEnvironment(): WidgetEnvironment {
  return { ...browserEnvironment(), now: () => new Date(), newClientId: randomUuid };
}

/** A version 4 UUID, also on pages without a secure context, where `randomUUID` is missing. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, at) => {
    const marked = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, "0");
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
