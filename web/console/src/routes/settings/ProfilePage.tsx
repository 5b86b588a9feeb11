import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { LANGUAGES, type Language, switchLanguage } from "../../app/i18n";
import { THEMES, type Theme, theme } from "../../app/theme";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Row } from "../../components/Row";
import { Switch } from "../../components/Switch";
import { TitledPage } from "../../components/TitledPage";
import { PasswordDialog } from "../../features/auth/PasswordDialog";
import { AVAILABILITIES, meQuery, useSetAvailability } from "../../features/auth/queries";
import { hotkeysOn } from "../../lib/hotkeys";
import { useStored } from "../../lib/storedValue";
import { soundOn } from "../../live/attention";
import { Segments } from "./Segments";

/** One's own page: who one is, and how the console looks and sounds in this browser. */
export function ProfilePage() {
  const { t, i18n } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const [changing, setChanging] = useState(false);
  const availability = useSetAvailability(me.agent.id);
  const chosenTheme = useStored(theme);
  return (
    <TitledPage title={t("settings.profile")} about={t("profile.about")}>
      <Card>
        <Row
          lead={<Avatar name={me.agent.name} id={me.agent.id} />}
          title={
            <>
              {me.agent.name}
              <Badge tone="accent">{t(`role.${me.agent.role}`)}</Badge>
            </>
          }
          about={`${me.agent.email} · ${me.account.name}`}
        >
          <Button size="sm" onClick={() => setChanging(true)}>
            {t("password.change")}
          </Button>
        </Row>
        {changing && <PasswordDialog onClose={() => setChanging(false)} />}
      </Card>
      <Card className="mt-4 grid gap-6 p-5">
        <Segments
          label={t("profile.availability")}
          options={AVAILABILITIES.map((value) => ({ value, label: t(`availability.${value}`) }))}
          value={me.agent.availability}
          onChange={availability.mutate}
        />
        <Segments
          label={t("common.language")}
          options={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
          value={i18n.language as Language}
          onChange={switchLanguage}
        />
        <Segments
          label={t("profile.theme")}
          options={THEMES.map((value) => ({ value, label: t(`profile.themes.${value}`) }))}
          value={chosenTheme}
          onChange={(next: Theme) => theme.set(next)}
        />
        <Switch
          label={t("profile.sound")}
          hint={t("profile.soundHint")}
          checked={useStored(soundOn)}
          onChange={soundOn.set}
        />
        <Switch
          label={t("profile.hotkeys")}
          hint={t("profile.hotkeysHint")}
          checked={useStored(hotkeysOn)}
          onChange={hotkeysOn.set}
        />
      </Card>
    </TitledPage>
  );
}
