import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type Props = {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
};

/** Says why there is nothing here and what to do about it. */
export function EmptyState({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-center justify-center px-6 py-14 text-center">
      <span className="mb-4 inline-flex size-12 items-center justify-center rounded-2xl bg-sunken text-muted">
        <Icon aria-hidden className="size-6" strokeWidth={1.5} />
      </span>
      <p className="text-sm font-medium text-ink">{title}</p>
      {children && (
        <p className="mt-1 max-w-72 text-[0.8125rem] leading-relaxed text-balance text-muted">
          {children}
        </p>
      )}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
