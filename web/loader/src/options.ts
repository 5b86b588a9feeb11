/** Reads what the company wrote on its `<script>` tag. Nothing else on the page is consulted. */

/** What a page wants. */
export interface Options {
  /** The origin that served this script; the frame comes from there and from nowhere else. */
  origin: string;
  /** The public key of the inbox. */
  inbox: string;
  /** The wanted language, as a tag. */
  locale: string;
  /** The lower corner that the button takes. */
  side: "left" | "right";
}

/** The options of a script tag, or nothing when the tag names no inbox. */
export function readOptions(
  script: HTMLScriptElement | null,
  pageLanguage: string,
): Options | undefined {
  const inbox = script?.dataset.inbox?.trim();
  if (!script || !inbox) return;
  const origin = originOf(script.src);
  if (origin === undefined) return;
  return {
    origin,
    inbox,
    locale: script.dataset.locale?.trim() || pageLanguage,
    side: script.dataset.side === "left" ? "left" : "right",
  };
}

/** The address of the frame. */
export function frameUrl({ origin, inbox, locale }: Options): string {
  const url = new URL("/widget/", origin);
  url.searchParams.set("inbox", inbox);
  if (locale) url.searchParams.set("locale", locale);
  return url.href;
}

function originOf(src: string): string | undefined {
  try {
    const { origin, protocol } = new URL(src);
    return protocol === "https:" || protocol === "http:" ? origin : undefined;
  } catch {
    return;
  }
}
