import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Release, Trial } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { NumberField } from "../../components/NumberField";
import { RadioCards } from "../../components/RadioCards";
import { useStartTrial } from "./queries";

const KINDS = ["shadow", "gray"] as const satisfies Trial["kind"][];

/** How many of a hundred conversations a gray release answers, unless somebody says otherwise. */
const SHARE_USUAL = 10;

type Props = { release: Release; onClose: () => void };

/** Begins a trial: beside the release in use, or for a share of the conversations. */
export function TrialDialog({ release, onClose }: Props) {
  const { t } = useTranslation();
  const start = useStartTrial();
  const [kind, setKind] = useState<Trial["kind"]>("shadow");
  const [share, setShare] = useState(SHARE_USUAL);
  const submit = () =>
    start.mutate(
      { release_id: release.id, kind, ...(kind === "gray" && { share }) },
      { onSuccess: onClose },
    );
  return (
    <FormDialog
      title={t("trials.startTitle", { number: release.number })}
      description={t("trials.startAbout")}
      onClose={onClose}
      task={start}
      submit={t("trials.start")}
      onSubmit={submit}
    >
      <RadioCards
        name="kind"
        legend={t("trials.how")}
        value={kind}
        options={KINDS.map((value) => ({
          value,
          title: t(`trials.kind.${value}`),
          about: t(`trials.kindAbout.${value}`),
        }))}
        onChange={setKind}
      />
      {kind === "gray" && (
        <NumberField
          label={t("trials.share")}
          hint={t("trials.shareHint")}
          min={1}
          max={99}
          value={share}
          onChange={setShare}
        />
      )}
    </FormDialog>
  );
}
