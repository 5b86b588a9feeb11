import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { toast } from "../../components/toasts";
import { releaseInUse, releasesQuery, useRollBack } from "./queries";

/** Goes back to the release that was in use before, after asking once. */
export function RollBackButton() {
  const { t } = useTranslation();
  const rollBack = useRollBack();
  const [open, setOpen] = useState(false);
  const { data: releases = [] } = useQuery(releasesQuery);
  const now = releaseInUse(releases);
  if (!now || !releases.some(({ state }) => state === "retired")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Undo2 aria-hidden />
        {t("releases.rollBack")}
      </Button>
      <ConfirmDialog
        title={t("releases.rollBackTitle")}
        description={t("releases.rollBackText", { number: now.number })}
        confirm={t("releases.rollBack")}
        open={open}
        onClose={() => setOpen(false)}
        task={rollBack}
        onConfirm={() =>
          rollBack.mutate(undefined, {
            onSuccess: ({ number }) => {
              setOpen(false);
              toast(t("releases.published", { number }));
            },
          })
        }
      />
    </>
  );
}
