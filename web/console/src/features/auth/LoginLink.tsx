import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../../components/Problem";
import { Spinner } from "../../components/Spinner";
import { useLoginLink } from "./queries";

/** Signs in with a one-time link, or says why that is impossible. */
export function LoginLink({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation();
  const { isSuccess, error } = useLoginLink(token);
  useEffect(() => {
    if (isSuccess) onDone();
  }, [isSuccess, onDone]);

  if (error) {
    return (
      <div className="mb-5 grid gap-2">
        <Problem error={error} />
        <p className="text-[0.8125rem] text-muted">{t("login.linkFailed")}</p>
      </div>
    );
  }
  return (
    <p role="status" className="flex items-center gap-2 py-6 text-sm text-muted">
      <Spinner />
      {t("login.linkUnderWay")}
    </p>
  );
}
