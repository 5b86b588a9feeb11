import type { ReactNode } from "react";

import { cn } from "../lib/cn";

/** A surface that holds what belongs together. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className={cn("rounded-xl border border-line bg-surface shadow-xs", className)}>
      {children}
    </div>
  );
}
