/**
 * Draws the Markdown of bots and agents as DOM nodes that can do no harm.
 *
 * Raw HTML is shown as text, pictures become links (nothing is fetched before a person asks), links
 * keep to http, https, mailto and tel, and all of it passes DOMPurify's allow-list at the end. What
 * comes back is a fragment, never a string, so no page needs to assign `innerHTML`.
 */
import DOMPurify, { type Config } from "dompurify";
import { Marked, type Tokens } from "marked";

import { neutralise } from "./text.ts";

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const SOURCE_CHARS_MAX = 20_000;

/** An address typed without brackets; it ends before Chinese text and punctuation. */
const BARE_URL =
  /^https?:\/\/[^\s<>"'`\u2018-\u201f\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]+/iu;
const TRAILING = /[.,;:!?)\]}*_~]+$/u;

const PURIFY: Config & { RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: [
    ..."p br strong em del code pre blockquote ul ol li a hr".split(" "),
    ..."table thead tbody tr th td".split(" "),
  ],
  ALLOWED_ATTR: ["href", "rel", "target", "start", "title"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  ADD_URI_SAFE_ATTR: ["rel", "start", "target"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/** The address if its scheme is one that a link may have. */
export function safeHref(href: string): string | undefined {
  const clean = neutralise(href).trim();
  let url: URL;
  try {
    url = new URL(clean);
  } catch {
    return;
  }
  if (!SCHEMES.has(url.protocol)) return;
  if (url.username !== "" || url.password !== "") return;
  return url.href;
}

/** Renders Markdown; the fragment may be inserted as it is. */
export function renderMarkdown(source: string): DocumentFragment {
  const html = marked.parse(neutralise(source.slice(0, SOURCE_CHARS_MAX)), { async: false });
  return DOMPurify.sanitize(html, PURIFY);
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  tokenizer: {
    url(src) {
      const match = BARE_URL.exec(src);
      if (!match) return undefined;
      const raw = match[0].replace(TRAILING, "");
      return link(raw, raw);
    },
  },
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ href, text }) => anchor(href, escapeHtml(text || href)),
    link({ href, tokens }) {
      return anchor(href, this.parser.parseInline(tokens));
    },
    // A chat bubble is no chapter: headings would break up the outline of the page around it.
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

function link(raw: string, href: string): Tokens.Link {
  return {
    type: "link",
    raw,
    href,
    title: null,
    text: raw,
    tokens: [{ type: "text", raw, text: raw, escaped: false } as Tokens.Text],
  };
}

function anchor(href: string, inner: string): string {
  const safe = safeHref(href);
  if (safe === undefined) return inner;
  const host = disguisedHost(safe, inner);
  const suffix = host === undefined ? "" : ` (${escapeHtml(host)})`;
  return `<a href="${escapeHtml(safe)}" title="${escapeHtml(safe)}" target="_blank" rel="noopener noreferrer nofollow ugc">${inner}</a>${suffix}`;
}

/** The true host of a link whose text looks like the address of another, or whose letters imitate one. */
function disguisedHost(href: string, inner: string): string | undefined {
  const { hostname, protocol } = new URL(href);
  if (protocol !== "http:" && protocol !== "https:") return;
  if (hostname.includes("xn--")) return hostname;
  const shown = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/:?#].*)?$/iu.exec(
    inner.trim(),
  );
  if (!shown?.[1] || shown[1].toLowerCase() === hostname) return;
  return hostname;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
