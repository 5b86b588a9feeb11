import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Loading } from "../../components/Loading";
import { TitledPage } from "../../components/TitledPage";
import { useIntents } from "../../features/intents/queries";
import { releaseInUse, releasesQuery } from "../../features/releases/queries";
import { ReleaseBadge } from "../../features/releases/ReleaseBadge";
import { formatFull } from "../../lib/time";
import { ReleaseActions } from "./ReleaseActions";
import { ReleaseParts } from "./ReleaseParts";

const route = getRouteApi("/app/training/releases/$release");

/** One release: how far it is or how good, how it differs from the one in use, and what can be done with it. */
export function ReleasePage() {
  const { t, i18n } = useTranslation();
  const { release: id } = route.useParams();
  const open = route.useSearch();
  const { titleOf } = useIntents();
  const releases = useQuery(releasesQuery);
  if (releases.isPending) return <Loading />;
  if (!releases.data) return <ErrorState error={releases.error} onRetry={releases.refetch} />;
  const release = releases.data.find((each) => each.id === id);
  if (!release) {
    return (
      <EmptyState icon={ArrowLeft} title={t("releases.missing")}>
        <Link to="/training/releases" className="text-accent-ink hover:underline">
          {t("training.releases")}
        </Link>
      </EmptyState>
    );
  }
  return (
    <>
      <Link
        to="/training/releases"
        className="mx-auto -mb-4 flex h-11 w-full max-w-3xl items-center gap-1.5 px-4 pt-2 text-[0.8125rem] text-muted hover:text-ink sm:px-8"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("training.releases")}
      </Link>
      <TitledPage
        title={
          <span className="flex items-center gap-2.5">
            {t("releases.one", { number: release.number })}
            <ReleaseBadge state={release.state} />
          </span>
        }
        about={t("releases.made", { at: formatFull(release.created_at, i18n.language) })}
        action={<ReleaseActions release={release} />}
      >
        <ReleaseParts
          release={release}
          inUse={releaseInUse(releases.data)}
          open={open}
          titleOf={titleOf}
        />
      </TitledPage>
    </>
  );
}
