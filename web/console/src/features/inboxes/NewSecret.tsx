import type { UseMutationResult } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { CopyField } from "../../components/CopyField";
import { Problem } from "../../components/Problem";

type Props = {
  inboxId: number;
  /** What the secret is called. */
  label: string;
  /** What it is for. */
  hint: string;
  /** What the button says. */
  action: string;
  /** What is asked before the button acts; it acts at once without. */
  warning?: string;
  draw: UseMutationResult<{ secret: string }, Error, number>;
  children?: ReactNode;
};

/** A secret that can be drawn anew, and is shown once. */
export function NewSecret({ inboxId, label, hint, action, warning, draw, children }: Props) {
  const { t } = useTranslation();
  const [isWarned, setWarned] = useState(false);
  const press = () => (warning && !isWarned ? setWarned(true) : draw.mutate(inboxId));
  return (
    <>
      {draw.data ? (
        <>
          <CopyField label={label} value={draw.data.secret} />
          <p className="text-xs text-muted">{t("common.secretOnce")}</p>
        </>
      ) : (
        <div className="flex items-center justify-between gap-4">
          <p className="text-[0.8125rem] text-muted">{isWarned ? warning : hint}</p>
          <div className="flex shrink-0 gap-2">
            {children}
            <Button
              size="sm"
              variant={isWarned ? "danger" : "secondary"}
              busy={draw.isPending}
              onClick={press}
            >
              <KeyRound aria-hidden />
              {isWarned ? t("inboxes.rotateYes") : action}
            </Button>
          </div>
        </div>
      )}
      <Problem error={draw.error} />
    </>
  );
}
