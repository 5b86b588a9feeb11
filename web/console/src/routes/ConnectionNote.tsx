import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../components/Button";
import { useConnection, useLiveActions } from "../live/connection";

/** A hiccup shorter than this is not worth a word. */
const SILENT_MS = 2_500;

/** Says that the console is not live, and what happens next. */
export function ConnectionNote() {
  const { t } = useTranslation();
  const { phase } = useConnection();
  const { retry } = useLiveActions();
  const down = phase !== "online" && phase !== "idle";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!down) return setShown(false);
    const timer = setTimeout(() => setShown(true), SILENT_MS);
    return () => clearTimeout(timer);
  }, [down]);

  return (
    <div role="status">
      {shown && (
        <p className="flex items-center justify-center gap-2.5 bg-warn-soft px-4 py-1.5 text-[0.8125rem] text-warn-ink">
          <CloudOff aria-hidden className="size-4" />
          {t(phase === "offline" ? "connection.offline" : "connection.lost")}
          <Button size="sm" variant="ghost" className="h-6 text-warn-ink underline" onClick={retry}>
            {t("connection.retry")}
          </Button>
        </p>
      )}
    </div>
  );
}
