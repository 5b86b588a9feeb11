import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

/** A heading inside a menu. */
export function MenuHeading({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">
      {children}
    </DropdownMenu.Label>
  );
}
