import type { ComponentProps } from "react";

import { cn } from "../lib/cn";
import { Spinner } from "./Spinner";

const VARIANTS = {
  primary: "bg-accent text-on-accent shadow-xs hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink shadow-xs hover:bg-hover",
  ghost: "text-muted hover:bg-hover hover:text-ink",
  danger: "bg-danger text-on-danger shadow-xs hover:bg-danger-strong",
};

const SIZES = { sm: "h-8 gap-1.5 px-2.5 text-[0.8125rem]", md: "h-9 gap-2 px-3.5 text-sm" };

type Props = ComponentProps<"button"> & {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** Shows that the action is under way and refuses a second press. */
  busy?: boolean;
};

/** A button. Not a submit button unless it says so. */
export function Button({
  variant = "secondary",
  size = "md",
  busy = false,
  className,
  children,
  disabled,
  type = "button",
  ...props
}: Props) {
  return (
    <button
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cn(
        "inline-flex shrink-0 items-center justify-center rounded-lg font-medium whitespace-nowrap transition-colors select-none disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
      {...props}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
