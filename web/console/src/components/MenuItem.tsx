import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

import { cn } from "../lib/cn";

type Props = {
  icon?: ReactNode;
  /** Shown at the far end: a time, a key. */
  detail?: ReactNode;
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

/** One action of a menu. */
export function MenuItem({ icon, detail, checked, danger, disabled, onSelect, children }: Props) {
  return (
    <DropdownMenu.Item
      disabled={disabled ?? false}
      onSelect={onSelect}
      className={cn(
        "flex min-h-8 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm text-ink outline-none select-none data-[disabled]:pointer-events-none data-[disabled]:opacity-40 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted",
        danger && "text-danger-ink data-[highlighted]:bg-danger-soft [&_svg]:text-danger-ink",
      )}
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {detail && <span className="text-xs text-muted">{detail}</span>}
      {checked && <Check aria-hidden />}
    </DropdownMenu.Item>
  );
}
