import { useTranslation } from "react-i18next";

import type { Inbox } from "../../api/types";
import { Button } from "../../components/Button";
import { CopyField } from "../../components/CopyField";
import { Problem } from "../../components/Problem";
import { NewSecret } from "./NewSecret";
import { useForgetIncomingSecret, useRotateIncomingSecret } from "./queries";

/** The way in for messages that a company's own server passes on. */
export function InboxIncoming({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const draw = useRotateIncomingSecret();
  const forget = useForgetIncomingSecret();
  const isOn = (inbox.takes_incoming || draw.isSuccess) && !forget.isSuccess;
  return (
    <>
      {isOn && (
        <CopyField
          label={t("inboxes.incomingAddress")}
          value={`${window.location.origin}/api/v1/incoming/${inbox.key}`}
        />
      )}
      <NewSecret
        inboxId={inbox.id}
        label={t("inboxes.incomingSecret")}
        hint={t(isOn ? "inboxes.incomingOn" : "inboxes.incomingOff")}
        action={t(isOn ? "inboxes.incomingRotate" : "inboxes.incomingDraw")}
        draw={draw}
      >
        {isOn && (
          <Button
            size="sm"
            variant="ghost"
            busy={forget.isPending}
            onClick={() => forget.mutate(inbox.id)}
          >
            {t("inboxes.incomingStop")}
          </Button>
        )}
      </NewSecret>
      <Problem error={forget.error} />
    </>
  );
}
