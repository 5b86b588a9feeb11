import type { ReactNode } from "react";

type Props = {
  lead?: ReactNode;
  title: ReactNode;
  about?: ReactNode;
  children?: ReactNode;
};

/** One row of a list: what it is on the left, what can be done on the right. */
export function Row({ lead, title, about, children }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 sm:flex-nowrap">
      {lead}
      <div className="min-w-0 flex-1 basis-48">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium break-words text-ink">
          {title}
        </div>
        {about && (
          <div className="mt-0.5 text-[0.8125rem] leading-relaxed break-words text-muted">
            {about}
          </div>
        )}
      </div>
      {children && <div className="flex shrink-0 items-center gap-1">{children}</div>}
    </div>
  );
}
