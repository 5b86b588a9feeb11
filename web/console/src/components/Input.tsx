import type { ComponentProps } from "react";

import { cn } from "../lib/cn";

/** The look that every text control shares. */
export const CONTROL =
  "w-full rounded-lg border border-control bg-surface px-3 text-sm text-ink shadow-xs transition-colors placeholder:text-muted hover:border-ink/50 disabled:opacity-60 aria-invalid:border-danger max-sm:text-base";

/** A text input of one line. */
export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(CONTROL, "h-9", className)} {...props} />;
}
