import type { ErrorComponentProps } from "@tanstack/react-router";
import { useRouter } from "@tanstack/react-router";

import { ErrorState } from "../components/ErrorState";

/** What a page shows when it cannot be shown. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    router.invalidate();
  };
  return (
    <div className="flex h-full flex-1 items-center justify-center bg-canvas">
      <ErrorState
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={retry}
      />
    </div>
  );
}
