import { useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Inbox } from "../../api/types";
import { Button } from "../../components/Button";
import { TitledPage } from "../../components/TitledPage";
import { may } from "../../features/auth/permissions";
import { meQuery } from "../../features/auth/queries";
import { InboxDialog } from "../../features/inboxes/InboxDialog";
import { InboxList } from "../../features/inboxes/InboxList";

/** The entry points of conversations. */
export function InboxesPage() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const mayChange = may(me, "administer");
  const [editing, setEditing] = useState<Inbox | "new">();
  return (
    <TitledPage
      title={t("settings.inboxes")}
      about={t("inboxes.about")}
      action={
        mayChange && (
          <Button variant="primary" onClick={() => setEditing("new")}>
            <Plus aria-hidden />
            {t("inboxes.add")}
          </Button>
        )
      }
    >
      <InboxList mayChange={mayChange} onOpen={setEditing} />
      {editing && (
        <InboxDialog
          inbox={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </TitledPage>
  );
}
