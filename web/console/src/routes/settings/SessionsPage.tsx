import { useTranslation } from "react-i18next";

import { SettingsPage } from "../../components/SettingsPage";
import { SessionList } from "../../features/sessions/SessionList";

/** Where one is signed in. */
export function SessionsPage() {
  const { t } = useTranslation();
  return (
    <SettingsPage title={t("settings.sessions")} about={t("sessions.about")}>
      <SessionList />
    </SettingsPage>
  );
}
