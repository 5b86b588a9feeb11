import { useQuery } from "@tanstack/react-query";
import { Telescope } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "../../components/Card";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { TitledPage } from "../../components/TitledPage";
import { FindingsPart } from "../../features/discovery/FindingsPart";
import { discoveryQuery } from "../../features/discovery/queries";
import { RunNote } from "../../features/discovery/RunNote";
import { StartButton } from "../../features/discovery/StartButton";
import { useIntents } from "../../features/intents/queries";

/** What contacts ask about, found in what they wrote, and made into intents. */
export function DiscoveryPage() {
  const { t } = useTranslation();
  const { data: discovery } = useQuery(discoveryQuery);
  return (
    <TitledPage
      title={t("training.discovery")}
      about={t("discovery.about")}
      action={<StartButton discovery={discovery} />}
    >
      <Found />
    </TitledPage>
  );
}

function Found() {
  const { t } = useTranslation();
  const { intents, titleOf } = useIntents();
  const { data: discovery, error, isPending, refetch } = useQuery(discoveryQuery);
  if (isPending) return <Loading />;
  if (discovery === undefined) {
    return <ErrorState error={error ?? new Error()} onRetry={refetch} />;
  }
  if (!discovery) {
    return (
      <Card>
        <EmptyState icon={Telescope} title={t("discovery.empty")}>
          {t("discovery.emptyText")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <RunNote discovery={discovery} />
      {discovery.findings && (
        <FindingsPart findings={discovery.findings} intents={intents} titleOf={titleOf} />
      )}
    </>
  );
}
