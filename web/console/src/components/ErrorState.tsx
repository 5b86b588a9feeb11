import { CloudAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../api/explain";
import { Button } from "./Button";
import { EmptyState } from "./EmptyState";

/** Says that something could not be loaded, why, and offers to try again. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState
        icon={CloudAlert}
        title={t("common.loadFailed")}
        action={<Button onClick={onRetry}>{t("common.retry")}</Button>}
      >
        {explain(error, t)}
      </EmptyState>
    </div>
  );
}
