import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";

import { cn } from "../../lib/cn";
import { Count } from "./Count";
import type { Filters } from "./filters";

type Props = {
  icon: LucideIcon;
  label: string;
  count?: number | undefined;
  chosen: boolean;
  /** The filters after the choice. */
  to: Filters;
};

/** One filter: a link, so that every list has an address. */
export function FilterChoice({ icon: Icon, label, count, chosen, to }: Props) {
  return (
    <li>
      <Link
        to="/conversations"
        search={to}
        aria-current={chosen ? "true" : undefined}
        className={cn(
          "flex h-8 items-center gap-2.5 rounded-lg px-2.5 text-[0.8125rem] text-ink transition-colors",
          chosen ? "bg-surface font-medium shadow-xs ring-1 ring-line" : "hover:bg-hover",
        )}
      >
        <Icon
          aria-hidden
          strokeWidth={1.75}
          className={cn("size-4 shrink-0", chosen ? "text-accent-ink" : "text-muted")}
        />
        <span className="min-w-0 flex-1 truncate">{label}</span>
        <Count value={count} />
      </Link>
    </li>
  );
}
