import type { ReactNode } from "react";

import { Card } from "./Card";
import { ErrorState } from "./ErrorState";
import { Loading } from "./Loading";

type Props<T> = {
  query: { data: T[] | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };
  /** Shown when there is nothing. */
  empty: ReactNode;
  children: (item: T) => ReactNode;
  /** Shown below the last row. */
  footer?: ReactNode;
};

/** A list of rows on a card, with what to show while it loads, fails or is empty. */
export function QueryList<T extends { id: number }>({ query, empty, children, footer }: Props<T>) {
  if (query.isPending) {
    return (
      <Card>
        <Loading rows={3} />
      </Card>
    );
  }
  if (!query.data) {
    return (
      <Card>
        <ErrorState error={query.error ?? new Error()} onRetry={query.refetch} />
      </Card>
    );
  }
  if (query.data.length === 0) return <Card>{empty}</Card>;
  return (
    <Card>
      <ul className="divide-y divide-line">
        {query.data.map((item) => (
          <li key={item.id}>{children(item)}</li>
        ))}
      </ul>
      {footer}
    </Card>
  );
}
