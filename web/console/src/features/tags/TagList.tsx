import { useQuery } from "@tanstack/react-query";
import { Pencil, Tags } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Tag } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { IconButton } from "../../components/IconButton";
import { QueryList } from "../../components/QueryList";
import { RemoveButton } from "../../components/RemoveButton";
import { Row } from "../../components/Row";
import { TagDot } from "../../components/TagDot";
import { tagsQuery, useRemoveTag } from "./queries";

type Props = { mayChange: boolean; onEdit: (tag: Tag) => void };

/** The tags of the account. */
export function TagList({ mayChange, onEdit }: Props) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery);
  const remove = useRemoveTag();
  return (
    <QueryList
      query={tags}
      empty={
        <EmptyState icon={Tags} title={t("tags.empty")}>
          {t("tags.emptyText")}
        </EmptyState>
      }
    >
      {(tag) => (
        <Row lead={<TagDot color={tag.color} />} title={tag.name}>
          {mayChange && (
            <>
              <IconButton label={t("common.edit")} onClick={() => onEdit(tag)}>
                <Pencil aria-hidden />
              </IconButton>
              <RemoveButton
                label={t("common.remove")}
                title={t("tags.removeTitle", { name: tag.name })}
                description={t("tags.removeText")}
                remove={remove}
                id={tag.id}
              />
            </>
          )}
        </Row>
      )}
    </QueryList>
  );
}
