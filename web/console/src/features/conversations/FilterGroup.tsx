import type { ReactNode } from "react";

/** Filters of one kind. */
export function FilterGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label}>
      <h3 className="px-2.5 pb-1.5 text-xs font-medium text-muted">{label}</h3>
      <ul className="grid grid-cols-1 gap-0.5">{children}</ul>
    </section>
  );
}
