import type { ReviewItem } from "../../api/types";

/** What accepting an item says that it means: what was suggested, or else what the bot took it for. */
export function acceptedIntent({ suggested, predicted }: ReviewItem): string | undefined {
  return suggested || predicted || undefined;
}
