import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Release, Trial } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { Input } from "../../components/Input";
import { Problem } from "../../components/Problem";
import { RadioCard } from "../../components/RadioCard";
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
    <Dialog
      open
      title={t("trials.startTitle", { number: release.number })}
      description={t("trials.startAbout")}
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium text-ink">
            {t("trials.how")}
          </legend>
          {KINDS.map((each) => (
            <RadioCard
              key={each}
              name="kind"
              title={t(`trials.kind.${each}`)}
              about={t(`trials.kindAbout.${each}`)}
              checked={each === kind}
              onChoose={() => setKind(each)}
            />
          ))}
        </fieldset>
        {kind === "gray" && (
          <Field label={t("trials.share")} hint={t("trials.shareHint")}>
            {(control) => (
              <Input
                {...control}
                type="number"
                required
                min={1}
                max={99}
                value={share}
                onChange={(event) => setShare(event.target.valueAsNumber)}
              />
            )}
          </Field>
        )}
        <Problem error={start.error} />
        <FormButtons submit={t("trials.start")} busy={start.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
