import type { ReactNode } from "react";

import { cn } from "../lib/cn";

type Props = {
  title: ReactNode;
  about: string;
  action?: ReactNode;
  /** Leaves room for two columns. */
  wide?: boolean;
  children: ReactNode;
};

/** A page of one column: what it is for, its main action, its content. */
export function TitledPage({ title, about, action, wide = false, children }: Props) {
  return (
    <div
      className={cn("mx-auto w-full px-4 py-6 sm:px-8 sm:py-8", wide ? "max-w-5xl" : "max-w-3xl")}
    >
      <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="max-w-lg min-w-0 flex-1 basis-72">
          <h1 className="text-lg font-semibold text-ink">{title}</h1>
          <p className="mt-1 text-[0.8125rem] leading-relaxed text-pretty text-muted">{about}</p>
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}
