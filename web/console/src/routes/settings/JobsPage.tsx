import { useTranslation } from "react-i18next";

import { SettingsPage } from "../../components/SettingsPage";
import { DeadJobList } from "../../features/jobs/DeadJobList";

/** The work that was given up. */
export function JobsPage() {
  const { t } = useTranslation();
  return (
    <SettingsPage title={t("settings.jobs")} about={t("jobs.about")}>
      <DeadJobList />
    </SettingsPage>
  );
}
