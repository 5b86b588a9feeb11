import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { dismissToast, type Toast, useToasts } from "./toasts";

/** Short news at the edge of the page, read aloud by assistive technology. */
export function Toaster() {
  const toasts = useToasts();
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-center gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(
      () => dismissToast(toast.id),
      toast.tone === "danger" ? 10_000 : 4_000,
    );
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="pointer-events-auto flex max-w-md items-center gap-2.5 rounded-xl bg-tooltip py-2 pr-2 pl-3.5 text-sm text-on-tooltip shadow-xl animate-rise">
      {toast.tone === "danger" ? (
        <CircleAlert aria-hidden className="size-4 shrink-0 text-danger-soft" />
      ) : (
        <CircleCheck aria-hidden className="size-4 shrink-0 text-accent-soft" />
      )}
      {toast.text}
      <button
        type="button"
        aria-label={t("common.close")}
        onClick={() => dismissToast(toast.id)}
        className="ml-1 rounded-md p-1 opacity-70 hover:opacity-100"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}
