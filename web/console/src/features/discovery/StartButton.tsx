import { Telescope } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Discovery } from "../../api/types";
import { Button } from "../../components/Button";
import { StartDialog } from "./StartDialog";

/** Begins a discovery; one at a time. */
export function StartButton({ discovery }: { discovery: Discovery | null | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const isRunning = discovery?.state === "running";
  const label = discovery?.findings ? "discovery.again" : "discovery.start";
  return (
    <>
      <Button variant="primary" disabled={isRunning} onClick={() => setOpen(true)}>
        <Telescope aria-hidden />
        {t(isRunning ? "discovery.busy" : label)}
      </Button>
      {open && <StartDialog onClose={() => setOpen(false)} />}
    </>
  );
}
