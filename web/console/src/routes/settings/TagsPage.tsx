import { useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Tag } from "../../api/types";
import { Button } from "../../components/Button";
import { TitledPage } from "../../components/TitledPage";
import { may } from "../../features/auth/permissions";
import { meQuery } from "../../features/auth/queries";
import { TagDialog } from "../../features/tags/TagDialog";
import { TagList } from "../../features/tags/TagList";

/** The labels of conversations. */
export function TagsPage() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const mayChange = may(me, "write_library");
  const [editing, setEditing] = useState<Tag | "new">();
  return (
    <TitledPage
      title={t("settings.tags")}
      about={t("tags.about")}
      action={
        mayChange && (
          <Button variant="primary" onClick={() => setEditing("new")}>
            <Plus aria-hidden />
            {t("tags.add")}
          </Button>
        )
      }
    >
      <TagList mayChange={mayChange} onEdit={setEditing} />
      {editing && (
        <TagDialog
          tag={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </TitledPage>
  );
}
