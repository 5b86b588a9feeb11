import { useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { CannedResponse } from "../../api/types";
import { Button } from "../../components/Button";
import { TitledPage } from "../../components/TitledPage";
import { may } from "../../features/auth/permissions";
import { meQuery } from "../../features/auth/queries";
import { CannedResponseDialog } from "../../features/canned-responses/CannedResponseDialog";
import { CannedResponseList } from "../../features/canned-responses/CannedResponseList";

/** The reusable texts (话术). */
export function CannedResponsesPage() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const mayChange = may(me, "write_library");
  const [editing, setEditing] = useState<CannedResponse | "new">();
  return (
    <TitledPage
      title={t("settings.canned")}
      about={t("canned.about")}
      action={
        mayChange && (
          <Button variant="primary" onClick={() => setEditing("new")}>
            <Plus aria-hidden />
            {t("canned.add")}
          </Button>
        )
      }
    >
      <CannedResponseList mayChange={mayChange} onEdit={setEditing} />
      {editing && (
        <CannedResponseDialog
          canned={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </TitledPage>
  );
}
