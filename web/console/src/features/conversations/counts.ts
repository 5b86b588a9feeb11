/** What the counts of the server say about each filter; it counts open conversations by whose they are. */
import type { Counts } from "../../api/types";
import type { Filters } from "./filters";

/** How many conversations a view holds, as far as that is counted. */
export function viewCount(counts: Counts, view: Filters["view"], { status }: Filters) {
  if (status !== "open") return;
  return view === "all" ? counts.open : counts[view];
}

/** How many conversations have a status, as far as that is counted. */
export function statusCount(counts: Counts, status: Filters["status"], { view }: Filters) {
  if (view === "all") return counts[status];
  return status === "open" ? counts[view] : undefined;
}
