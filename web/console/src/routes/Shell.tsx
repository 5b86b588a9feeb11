import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { useTranslation } from "react-i18next";

import { Toaster } from "../components/Toaster";
import { meQuery } from "../features/auth/queries";
import { LiveContext } from "../live/connection";
import { useLive } from "../live/useLive";
import { BottomBar } from "./BottomBar";
import { ConnectionNote } from "./ConnectionNote";
import { HelpDialog } from "./HelpDialog";
import { Rail } from "./Rail";
import { useTitle } from "./useTitle";

/** What surrounds every page of a signed-in agent: the rail, the live connection, short news. */
export function Shell() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { id } = useParams({ strict: false });
  const live = useLive(me.agent.id, id);
  useTitle();
  return (
    <LiveContext value={live}>
      <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>
        <a
          href="#main"
          className="sr-only rounded-lg bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
        >
          {t("nav.skip")}
        </a>
        <div className="flex h-dvh flex-col overflow-hidden md:flex-row">
          <Rail me={me} />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <ConnectionNote />
            <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 outline-none">
              <Outlet />
            </main>
          </div>
          <BottomBar me={me} />
        </div>
        <Toaster />
        <HelpDialog me={me} />
      </Tooltip.Provider>
    </LiveContext>
  );
}
