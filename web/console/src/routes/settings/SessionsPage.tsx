import { useTranslation } from "react-i18next";

import { TitledPage } from "../../components/TitledPage";
import { SessionList } from "../../features/sessions/SessionList";

/** Where one is signed in. */
export function SessionsPage() {
  const { t } = useTranslation();
  return (
    <TitledPage title={t("settings.sessions")} about={t("sessions.about")}>
      <SessionList />
    </TitledPage>
  );
}
