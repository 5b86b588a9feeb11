/** Where a text names something particular, and what it means. */
import type { Parsed } from "../../api/types";

type Entity = Parsed["entities"][number];

/** A stretch of the text: a value that was found, or what stands between two. */
export type Stretch = { text: string; at: number; entity?: Entity };

/** The kinds that the server knows of itself; others are named by the bot's files. */
export const KINDS = [
  "number",
  "ordinal",
  "percent",
  "money",
  "date",
  "time",
  "date_time",
  "duration",
  "phone",
  "email",
  "url",
  "order_number",
  "id_card",
  "bank_card",
] as const;

/** Cuts a text at its entities, which do not overlap. Places are counted in characters, as the server does. */
export function stretches(text: string, entities: Entity[]): Stretch[] {
  const characters = [...text];
  const found: Stretch[] = [];
  let at = 0;
  const upTo = (end: number, entity?: Entity) => {
    const piece = characters.slice(at, end).join("");
    if (piece !== "") found.push({ text: piece, at, ...(entity && { entity }) });
    at = Math.max(at, end);
  };
  for (const entity of entities) {
    upTo(entity.start);
    upTo(entity.end, entity);
  }
  upTo(characters.length);
  return found;
}

/** The keys under which the parts of a value stand, in the order in which they are shown. */
const PARTS = [
  "value",
  "amount",
  "currency",
  "iso",
  "at",
  "time",
  "until",
  "least",
  "most",
  "number",
  "address",
  "url",
  "text",
];

/** What an entity means, on one line. */
export function meaning({ value }: Entity): string {
  const shown = PARTS.map((key) => value[key]).filter(
    (part) => typeof part === "string" || typeof part === "number",
  );
  return shown.join(" ");
}
