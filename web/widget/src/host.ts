/**
 * The frame's end of the bridge to the page that embeds it.
 *
 * It talks to its direct parent only, and only to the origin that the browser names for it: by
 * `ancestorOrigins`, else by the referrer (the loader asks for it), else by the first message that the
 * parent window itself sends. Which pages may embed the frame at all is the server's decision.
 */
import { CHANNEL, type FromWidget, parseToWidget, type ToWidget } from "@attune/shared/bridge";

/** The page around the widget. */
export interface Host {
  /** False when the widget is a page of its own. */
  embedded: boolean;
  /** Tells the page something; kept until its origin is known. */
  post(message: FromWidget): void;
  /** Calls `handle` for each message of the page; returns the way to stop. */
  listen(handle: (message: ToWidget) => void): () => void;
}

/** Finds the host of a window. */
export function hostOf(frame: Window): Host {
  const { parent } = frame;
  const embedded = parent !== frame;
  let origin = embedded ? embedderOf(frame) : undefined;
  let waiting: FromWidget[] = [];

  const deliver = (message: FromWidget) => {
    if (origin !== undefined) parent.postMessage({ channel: CHANNEL, ...message }, origin);
  };
  const pin = (found: string) => {
    origin = found;
    const queue = waiting;
    waiting = [];
    for (const message of queue) deliver(message);
  };

  return {
    embedded,
    post(message) {
      if (!embedded) return;
      if (origin === undefined)
        waiting = [...waiting.filter(({ type }) => type !== message.type), message];
      else deliver(message);
    },
    listen(handle) {
      const onMessage = (event: MessageEvent<unknown>) => {
        if (!embedded || event.source !== parent) return;
        if (origin !== undefined && event.origin !== origin) return;
        const message = parseToWidget(event.data);
        if (!message) return;
        if (origin === undefined) {
          if (!isWebOrigin(event.origin)) return;
          pin(event.origin);
        }
        handle(message);
      };
      frame.addEventListener("message", onMessage);
      return () => frame.removeEventListener("message", onMessage);
    },
  };
}

function embedderOf(frame: Window): string | undefined {
  const ancestor = frame.location.ancestorOrigins?.[0];
  if (ancestor !== undefined) return isWebOrigin(ancestor) ? ancestor : undefined;
  try {
    const { origin } = new URL(frame.document.referrer);
    return isWebOrigin(origin) ? origin : undefined;
  } catch {
    return;
  }
}

function isWebOrigin(origin: string): boolean {
  return /^https?:\/\/[^/]+$/.test(origin);
}
