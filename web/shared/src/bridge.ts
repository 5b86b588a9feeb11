/**
 * What the company's page and the widget's frame say to each other.
 *
 * Both sides check source and origin of every message and read it with a parser; nothing is ever posted
 * to `*`. The parsers live here so that the two ends cannot drift apart.
 */

/** Marks our messages among all that fly through a page. */
export const CHANNEL = "attune";

/** From the page to the frame. */
export type ToWidget =
  | { type: "hello"; open: boolean }
  | { type: "opened" }
  | { type: "closed" }
  | { type: "locale"; locale: string }
  | { type: "identify"; token: string }
  | { type: "logout" };

/** From the frame to the page. */
export type FromWidget =
  | { type: "ready" }
  | { type: "close" }
  | { type: "unread"; count: number }
  | { type: "started"; started: boolean }
  | { type: "refused" };

const TOKEN_CHARS_MAX = 8_192;

/** Reads a message meant for the frame, or returns nothing: whatever arrives is untrusted. */
export function parseToWidget(data: unknown): ToWidget | undefined {
  const fields = ours(data);
  switch (fields?.type) {
    case "hello":
      return { type: "hello", open: fields.open === true };
    case "opened":
    case "closed":
    case "logout":
      return { type: fields.type };
    case "locale":
      return typeof fields.locale === "string"
        ? { type: "locale", locale: fields.locale }
        : undefined;
    case "identify": {
      const { token } = fields;
      if (typeof token !== "string" || token === "" || token.length > TOKEN_CHARS_MAX) return;
      return { type: "identify", token };
    }
    default:
      return;
  }
}

/** Reads a message meant for the page, or returns nothing: whatever arrives is untrusted. */
export function parseFromWidget(data: unknown): FromWidget | undefined {
  const fields = ours(data);
  switch (fields?.type) {
    case "ready":
    case "close":
    case "refused":
      return { type: fields.type };
    case "unread": {
      const { count } = fields;
      return Number.isSafeInteger(count) && (count as number) >= 0
        ? { type: "unread", count: count as number }
        : undefined;
    }
    case "started":
      return { type: "started", started: fields.started === true };
    default:
      return;
  }
}

function ours(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== "object" || data === null) return;
  const fields = data as Record<string, unknown>;
  return fields.channel === CHANNEL ? fields : undefined;
}
