import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Inbox } from "../../api/types";
import { Button } from "../../components/Button";
import { CopyField } from "../../components/CopyField";
import { Problem } from "../../components/Problem";
import { useRotateSecret } from "./queries";
import { embedSnippet } from "./snippet";

/** How an inbox gets onto a page: the line to paste, and the secret that signs identities. */
export function InboxInstall({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const rotate = useRotateSecret();
  const [asked, setAsked] = useState(false);
  return (
    <section className="grid gap-3 border-t border-line pt-4">
      <CopyField
        multiline
        label={t("inboxes.snippet")}
        value={embedSnippet(window.location.origin, inbox)}
      />
      {rotate.data ? (
        <>
          <CopyField label={t("inboxes.secret")} value={rotate.data.secret} />
          <p className="text-xs text-muted">{t("common.secretOnce")}</p>
        </>
      ) : (
        <div className="flex items-center justify-between gap-4">
          <p className="text-[0.8125rem] text-muted">
            {t(asked ? "inboxes.rotateSure" : "inboxes.secretHint")}
          </p>
          <Button
            size="sm"
            variant={asked ? "danger" : "secondary"}
            busy={rotate.isPending}
            onClick={() => (asked ? rotate.mutate(inbox.id) : setAsked(true))}
          >
            <KeyRound aria-hidden />
            {t(asked ? "inboxes.rotateYes" : "inboxes.rotate")}
          </Button>
        </div>
      )}
      <Problem error={rotate.error} />
    </section>
  );
}
