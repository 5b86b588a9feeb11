import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useChildMatches } from "@tanstack/react-router";
import { ArrowLeft, Settings } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/EmptyState";
import { meQuery } from "../../features/auth/queries";
import { cn } from "../../lib/cn";
import { SettingsNav } from "./SettingsNav";

/** The settings: the list of pages and, beside it or in its place, one page. */
export function SettingsLayout() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const onList = useChildMatches().length === 0;
  return (
    <>
      <nav
        aria-label={t("nav.settings")}
        className={cn(
          "w-full shrink-0 overflow-y-auto border-r border-line bg-canvas md:w-56",
          !onList && "max-md:hidden",
        )}
      >
        <h1 className="px-5 pt-5 text-base font-semibold text-ink">{t("nav.settings")}</h1>
        <SettingsNav me={me} />
      </nav>
      <div className={cn("min-w-0 flex-1 overflow-y-auto bg-canvas", onList && "max-md:hidden")}>
        <Link
          to="/settings"
          className="inline-flex h-11 items-center gap-1.5 px-4 pt-2 text-sm text-muted md:hidden"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t("nav.settings")}
        </Link>
        {onList && (
          <EmptyState icon={Settings} title={t("settings.choose")}>
            {t("settings.chooseText")}
          </EmptyState>
        )}
        <Outlet />
      </div>
    </>
  );
}
