/** Button and frame on the page. It draws and reports presses; what they mean is decided elsewhere. */
import { dress, FULL_SCREEN } from "./styles.ts";

/** The sentences of button and frame. */
export interface Sentences {
  open: string;
  close: string;
  title: string;
  unread: string;
}

/** What is on the page. */
export interface View {
  button: HTMLButtonElement;
  /** The frame's window, once the frame exists. */
  frame(): Window | null;
  /** Puts the frame on the page, hidden; `loaded` is called each time that it has loaded. */
  load(url: string, loaded: () => void): void;
  /** Shows the frame or hides it. */
  show(open: boolean, focus: boolean): void;
  /** Shows how many messages are unread. */
  badge(count: number): void;
}

const CHAT =
  "M21 11.5a8 8 0 0 1-8 8 8.6 8.6 0 0 1-3.4-.7L4 20.5l1.6-4.6A8 8 0 1 1 21 11.5ZM9 10.2h8M9 13.4h5";
const DOWN = "M6 9.5l6 6 6-6";

/** Builds button and (later) frame in a shadow root at the end of the page. */
export function createView(page: Document, side: string, sentences: Sentences): View {
  const host = page.createElement("div");
  host.id = "attune";
  host.dataset.side = side;
  const root = host.attachShadow({ mode: "open" });
  dress(root);

  const button = page.createElement("button");
  button.type = "button";
  const badge = page.createElement("b");
  badge.hidden = true;
  badge.setAttribute("aria-hidden", "true");
  button.append(icon(page, CHAT), icon(page, DOWN), badge);
  root.append(button);
  page.body.append(host);

  let frame: HTMLIFrameElement | null = null;
  let before: Element | null = null;
  let overflow: string | null = null;
  let unread = 0;
  let shown = false;

  const label = () => {
    const sentence = shown ? sentences.close : unread ? sentences.unread : sentences.open;
    button.setAttribute("aria-label", sentence.replace("{{count}}", String(unread)));
    button.setAttribute("aria-expanded", String(shown));
  };
  label();

  return {
    button,
    frame: () => frame?.contentWindow ?? null,
    load(url, loaded) {
      if (frame) return;
      frame = page.createElement("iframe");
      frame.title = sentences.title;
      frame.referrerPolicy = "origin";
      frame.allow = "clipboard-write";
      frame.addEventListener("load", loaded);
      frame.src = url;
      root.prepend(frame);
    },
    show(open, focus) {
      if (open === shown) return;
      shown = open;
      label();
      if (open) before = page.activeElement;
      for (const part of [button, frame]) part?.classList.toggle("open", open);
      overflow = lockScroll(page, open, overflow);
      if (!focus) return;
      if (open) frame?.focus();
      else returnFocus(before, host, button);
    },
    badge(count) {
      unread = count;
      badge.hidden = count === 0;
      badge.textContent = count > 99 ? "99+" : String(count);
      label();
    },
  };
}

/** On a phone the page behind a full-screen frame must not scroll; returns what to restore. */
function lockScroll(page: Document, open: boolean, overflow: string | null): string | null {
  const { style } = page.documentElement;
  if (!open) {
    if (overflow !== null) style.overflow = overflow;
    return null;
  }
  if (!page.defaultView?.matchMedia(FULL_SCREEN).matches) return null;
  const was = style.overflow;
  style.overflow = "hidden";
  return was;
}

/** Focus goes back to where it came from, or to the button. */
function returnFocus(before: Element | null, host: Element, button: HTMLButtonElement): void {
  const page = host.ownerDocument;
  const back = before instanceof HTMLElement && before.isConnected && before !== page.body;
  if (back && before !== host) before.focus();
  else button.focus();
}

function icon(page: Document, path: string): SVGElement {
  const svg = page.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = page.createElementNS(svg.namespaceURI, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg as SVGElement;
}
