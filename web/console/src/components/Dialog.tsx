import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type Props = {
  title: string;
  description?: string | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Stands below, however long the rest is. */
  footer?: ReactNode;
  children: ReactNode;
};

/**
 * A dialog that holds the focus until it is closed.
 *
 * The backdrop is our own: Radix's overlay locks scrolling with an injected
 * style sheet, which the content security policy refuses.
 */
export function Dialog({ title, description, open, onOpenChange, footer, children }: Props) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div aria-hidden className="fixed inset-0 z-40 bg-backdrop animate-fade" />
        <Radix.Content
          {...(!description && { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirstField}
          className="fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-2xl border border-line bg-raised shadow-2xl outline-none animate-rise sm:inset-x-auto sm:top-[12vh] sm:bottom-auto sm:left-1/2 sm:max-h-[76vh] sm:w-[30rem] sm:-translate-x-1/2 sm:rounded-2xl"
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-5 pb-3">
            <div>
              <Radix.Title className="text-base font-semibold text-ink">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-1 text-[0.8125rem] leading-relaxed text-muted">
                  {description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close
              aria-label={t("common.close")}
              className="-mt-1 -mr-1 inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink"
            >
              <X aria-hidden className="size-4.5" />
            </Radix.Close>
          </header>
          <div className="overflow-y-auto px-5 pb-5">{children}</div>
          {footer && (
            <footer className="grid gap-3 border-t border-line px-5 pt-3 pb-4">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Begins where one writes, not at the button that closes. */
function focusFirstField(event: Event): void {
  const field = (event.target as HTMLElement).querySelector<HTMLElement>("input, select, textarea");
  if (!field) return;
  event.preventDefault();
  field.focus();
}
