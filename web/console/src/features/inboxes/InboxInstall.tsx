import { useTranslation } from "react-i18next";

import type { Inbox } from "../../api/types";
import { CopyField } from "../../components/CopyField";
import { InboxIncoming } from "./InboxIncoming";
import { NewSecret } from "./NewSecret";
import { useRotateSecret } from "./queries";
import { embedSnippet } from "./snippet";

/** How customers come in: the line to paste into a page, the secret that signs identities, and
 * the way in for a company's own app. */
export function InboxInstall({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  return (
    <section className="grid gap-3 border-t border-line pt-4">
      <CopyField
        multiline
        label={t("inboxes.snippet")}
        value={embedSnippet(window.location.origin, inbox)}
      />
      <NewSecret
        inboxId={inbox.id}
        label={t("inboxes.secret")}
        hint={t("inboxes.secretHint")}
        action={t("inboxes.rotate")}
        warning={t("inboxes.rotateSure")}
        draw={useRotateSecret()}
      />
      <InboxIncoming inbox={inbox} />
    </section>
  );
}
