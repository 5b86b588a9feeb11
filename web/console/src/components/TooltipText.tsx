import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

import { Kbd } from "./Kbd";

/** The bubble of a tooltip. */
export function TooltipText({
  children,
  hotkey,
}: {
  children: ReactNode;
  hotkey?: string | undefined;
}) {
  return (
    <Tooltip.Portal>
      <Tooltip.Content
        sideOffset={6}
        collisionPadding={8}
        className="z-50 flex items-center gap-2 rounded-md bg-tooltip px-2 py-1 text-xs text-on-tooltip shadow-lg"
      >
        {children}
        {hotkey && <Kbd className="border-white/25 bg-white/10 text-on-tooltip">{hotkey}</Kbd>}
      </Tooltip.Content>
    </Tooltip.Portal>
  );
}
