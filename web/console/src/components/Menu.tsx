import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

type Props = {
  /** The button that opens the menu. */
  trigger: ReactNode;
  align?: "start" | "end";
  children: ReactNode;
};

/** A list of actions behind a button. */
export function Menu({ trigger, align = "end", children }: Props) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-80 min-w-52 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-xl outline-none animate-pop"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
