/** Reads what stands in a thread, so that two sides can be compared. */
import type { Locator } from "@playwright/test";

/** Marks a text so that it can be found again among everything else that is said. */
export function marked(side: "visitor" | "agent", number: number): string {
  return `⟦${side} ${number}⟧`;
}

/** The marks in the bubbles of a thread, in the order in which they stand there. */
export async function marksIn(bubbles: Locator): Promise<string[]> {
  const texts = await bubbles.allInnerTexts();
  return texts.flatMap((text) => text.match(/⟦[^⟧]*⟧/g) ?? []);
}
