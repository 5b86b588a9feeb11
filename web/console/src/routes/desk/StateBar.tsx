import type { ReactNode } from "react";

/** One sentence about the state of a conversation, and what to do about it. */
export function StateBar({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line bg-surface px-4 py-2.5">
      <p className="text-[0.8125rem] text-soft">{text}</p>
      {children}
    </div>
  );
}
