import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import { Button } from "../../components/Button";
import { toast } from "../../components/toasts";
import { useTrain } from "./patch";
import { releasesQuery } from "./queries";

/** Has the next release trained; one at a time. */
export function TrainButton() {
  const { t } = useTranslation();
  const train = useTrain();
  const { data: releases = [] } = useQuery(releasesQuery);
  const isTraining = releases.some(({ state }) => state === "training");
  return (
    <Button
      variant="primary"
      busy={train.isPending}
      disabled={isTraining}
      onClick={() =>
        train.mutate(undefined, { onError: (error) => toast(explain(error, t), "danger") })
      }
    >
      <Play aria-hidden />
      {t(isTraining ? "releases.training" : "releases.train")}
    </Button>
  );
}
