import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { TitledPage } from "../../components/TitledPage";
import { AccountForm } from "../../features/account/AccountForm";
import { accountQuery } from "../../features/account/queries";

/** The company's own settings. */
export function AccountPage() {
  const { t } = useTranslation();
  const account = useQuery(accountQuery);
  return (
    <TitledPage title={t("settings.account")} about={t("account.about")}>
      {account.isPending && <Loading rows={2} />}
      {account.error && <ErrorState error={account.error} onRetry={account.refetch} />}
      {account.data && <AccountForm account={account.data} />}
    </TitledPage>
  );
}
