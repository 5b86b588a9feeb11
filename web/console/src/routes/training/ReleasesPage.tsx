import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { TitledPage } from "../../components/TitledPage";
import { useIntents } from "../../features/intents/queries";
import { releasesQuery } from "../../features/releases/queries";
import { ReleaseList } from "../../features/releases/ReleaseList";
import { RollBackButton } from "../../features/releases/RollBackButton";
import { TrainButton } from "../../features/releases/TrainButton";
import { TrialCard } from "../../features/trials/TrialCard";

/** What was trained, what is in use, what is tried. */
export function ReleasesPage() {
  const { t } = useTranslation();
  const { titleOf } = useIntents();
  const { data: releases = [] } = useQuery(releasesQuery);
  return (
    <TitledPage
      title={t("training.releases")}
      about={t("releases.about")}
      action={
        <div className="flex flex-wrap gap-2">
          <RollBackButton />
          <TrainButton />
        </div>
      }
    >
      <TrialCard
        numberOf={(id) => releases.find((release) => release.id === id)?.number}
        titleOf={titleOf}
      />
      <ReleaseList />
    </TitledPage>
  );
}
