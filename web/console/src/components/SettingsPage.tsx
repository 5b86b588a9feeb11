import type { ReactNode } from "react";

type Props = { title: string; about: string; action?: ReactNode; children: ReactNode };

/** One page of the settings: what it is for, its main action, its content. */
export function SettingsPage({ title, about, action, children }: Props) {
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-8 sm:py-8">
      <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="max-w-lg">
          <h1 className="text-lg font-semibold text-ink">{title}</h1>
          <p className="mt-1 text-[0.8125rem] leading-relaxed text-muted">{about}</p>
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}
