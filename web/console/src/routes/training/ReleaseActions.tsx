import { useNavigate } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Release } from "../../api/types";
import { Button } from "../../components/Button";
import { RemoveButton } from "../../components/RemoveButton";
import { PublishButton } from "../../features/releases/PublishButton";
import { useRemoveRelease } from "../../features/releases/queries";
import { TrialDialog } from "../../features/trials/TrialDialog";

/** What can be done with a release: publish it, try it, remove it. */
export function ReleaseActions({ release }: { release: Release }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useRemoveRelease();
  const [trying, setTrying] = useState(false);
  const { state, number } = release;
  if (state === "released") return null;
  const isTrained = state === "candidate" || state === "retired";
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RemoveButton
        label={t("common.remove")}
        title={t("releases.removeTitle", { number })}
        description={t(state === "training" ? "releases.giveUpText" : "releases.removeText")}
        id={release.id}
        remove={{
          ...remove,
          mutate: (id, then) =>
            remove.mutate(id, {
              onSuccess: () => {
                then.onSuccess();
                navigate({ to: "/training/releases" });
              },
            }),
        }}
      />
      {isTrained && (
        <>
          <Button onClick={() => setTrying(true)}>
            <FlaskConical aria-hidden />
            {t("trials.try")}
          </Button>
          <PublishButton release={release} />
        </>
      )}
      {trying && <TrialDialog release={release} onClose={() => setTrying(false)} />}
    </div>
  );
}
