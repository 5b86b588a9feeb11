import { useTranslation } from "react-i18next";

import { TitledPage } from "../../components/TitledPage";
import { DeadJobList } from "../../features/jobs/DeadJobList";

/** The work that was given up. */
export function JobsPage() {
  const { t } = useTranslation();
  return (
    <TitledPage title={t("settings.jobs")} about={t("jobs.about")}>
      <DeadJobList />
    </TitledPage>
  );
}
