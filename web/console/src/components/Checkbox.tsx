import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

type Props = Omit<ComponentProps<"input">, "type"> & { children: ReactNode };

/** A box to tick, with its label. */
export function Checkbox({ children, ...props }: Props) {
  return (
    <label className="flex min-h-8 cursor-pointer items-center gap-2.5 text-sm text-ink">
      <span className="relative inline-flex size-[1.125rem] shrink-0">
        <input
          type="checkbox"
          className="peer size-full cursor-pointer appearance-none rounded border border-control bg-surface checked:border-accent checked:bg-accent"
          {...props}
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-on-accent peer-checked:block"
        />
      </span>
      {children}
    </label>
  );
}
