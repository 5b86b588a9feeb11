/** The page's end of the bridge to the frame: addressed to one origin, heard from one window. */
import { CHANNEL, type FromWidget, parseFromWidget, type ToWidget } from "@attune/shared/bridge";

/** Posts to the frame, and to no one else who may have taken its place. */
export function post(frame: Window, origin: string, message: ToWidget): void {
  frame.postMessage({ channel: CHANNEL, ...message }, origin);
}

/** Calls `handle` for each message of this frame and origin; returns the way to stop. */
export function listen(
  page: Window,
  frame: () => Window | null,
  origin: string,
  handle: (message: FromWidget) => void,
): () => void {
  const onMessage = (event: MessageEvent<unknown>) => {
    if (event.origin !== origin || event.source === null || event.source !== frame()) return;
    const message = parseFromWidget(event.data);
    if (message) handle(message);
  };
  page.addEventListener("message", onMessage);
  return () => page.removeEventListener("message", onMessage);
}
