/** `window.Attune`: what a company's page may ask of the widget, and what it may learn. */
import type { FromWidget, ToWidget } from "@attune/shared/bridge";

import { listen, post } from "./bridge.ts";
import { frameUrl, type Options } from "./options.ts";
import type { View } from "./view.ts";

/** What a page may listen to. */
export interface Events {
  ready: undefined;
  open: undefined;
  close: undefined;
  unread: number;
  refused: undefined;
}

/** The object that a company's page finds at `window.Attune`. */
export interface Attune {
  /** Shows the chat. */
  open(): void;
  /** Hides the chat. */
  close(): void;
  /** Shows the chat if it is hidden, hides it if it is shown. */
  toggle(): void;
  /** Tells who is signed in: a token that the company's server has signed for this inbox. */
  identify(jwt: string): void;
  /** Forgets who was signed in, on this device and in the frame. */
  logout(): void;
  /** Calls `handler` at each event of a kind; returns the way to stop. */
  on<K extends keyof Events>(event: K, handler: (detail: Events[K]) => void): () => void;
}

/** Where a page remembers that somebody has talked to us (never who, and never a token). */
export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

/** Joins view, bridge and memory into the object that the page sees. */
export function createAttune(page: Window, options: Options, view: View, memory: Memory): Attune {
  const startedKey = `attune:${options.inbox}:started`;
  const handlers = new Map<string, Set<(detail: never) => void>>();
  let shown = false;
  let ready = false;
  /** What the frame was last told of being shown. */
  let told = false;
  let waiting: ToWidget[] = [];

  const emit = <K extends keyof Events>(event: K, detail: Events[K]) => {
    for (const handler of handlers.get(event) ?? []) handler(detail as never);
  };
  const send = (message: ToWidget) => {
    const frame = view.frame();
    if (ready && frame) post(frame, options.origin, message);
    else waiting.push(message);
  };
  // A frame that is still loading hears it when it is ready.
  const tellShown = () => {
    if (!ready || told === shown) return;
    told = shown;
    send({ type: shown ? "opened" : "closed" });
  };
  const load = () =>
    view.load(frameUrl(options), () => {
      ready = false;
      told = shown;
      const frame = view.frame();
      if (frame) post(frame, options.origin, { type: "hello", open: told });
    });
  const show = (open: boolean) => {
    if (open === shown) return;
    shown = open;
    if (open) load();
    view.show(open, true);
    tellShown();
    emit(open ? "open" : "close", undefined);
  };
  const receive = (message: FromWidget) => {
    switch (message.type) {
      case "ready":
        if (!ready) becomeReady();
        break;
      case "close":
        show(false);
        break;
      case "unread":
        view.badge(message.count);
        emit("unread", message.count);
        break;
      case "started":
        memory.set(startedKey, message.started ? "1" : null);
        break;
      case "refused":
        emit("refused", undefined);
        break;
    }
  };
  const becomeReady = () => {
    ready = true;
    const queue = waiting;
    waiting = [];
    tellShown();
    for (const one of queue) send(one);
    emit("ready", undefined);
  };

  listen(page, view.frame, options.origin, receive);
  view.button.addEventListener("click", () => show(!shown));
  view.button.addEventListener("pointerenter", load, { once: true });
  view.button.addEventListener("focus", load, { once: true });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown && !event.defaultPrevented) show(false);
  });
  if (memory.get(startedKey) !== null) load();

  return {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!shown),
    identify(jwt) {
      if (typeof jwt !== "string" || jwt === "") return;
      waiting = waiting.filter(({ type }) => type !== "identify");
      send({ type: "identify", token: jwt });
      load();
    },
    logout() {
      waiting = waiting.filter(({ type }) => type !== "identify");
      memory.set(startedKey, null);
      view.badge(0);
      send({ type: "logout" });
      load();
    },
    on(event, handler) {
      const set = handlers.get(event) ?? new Set();
      handlers.set(event, set.add(handler as (detail: never) => void));
      return () => set.delete(handler as (detail: never) => void);
    },
  };
}
