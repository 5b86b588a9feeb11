import { Tooltip } from "radix-ui";
import type { ComponentProps } from "react";

import { cn } from "../lib/cn";
import { TooltipText } from "./TooltipText";

type Props = ComponentProps<"button"> & {
  /** What the button does: its name for assistive technology and its tooltip. */
  label: string;
  /** The key that does the same. */
  hotkey?: string;
};

/** A square button that shows an icon and says its name on hover and focus. */
export function IconButton({ label, hotkey, className, ...props }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          aria-keyshortcuts={hotkey}
          className={cn(
            "inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-40 aria-pressed:bg-accent-soft aria-pressed:text-accent-ink data-[state=open]:bg-hover [&_svg]:size-[1.125rem]",
            className,
          )}
          {...props}
        />
      </Tooltip.Trigger>
      <TooltipText hotkey={hotkey}>{label}</TooltipText>
    </Tooltip.Root>
  );
}
