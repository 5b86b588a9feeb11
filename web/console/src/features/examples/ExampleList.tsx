import { neutralise } from "@attune/shared/text";
import { useInfiniteQuery } from "@tanstack/react-query";
import { MessageSquareText, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Example, Intent } from "../../api/types";
import { Badge } from "../../components/Badge";
import { EmptyState } from "../../components/EmptyState";
import { IconButton } from "../../components/IconButton";
import { LoadMore } from "../../components/LoadMore";
import { QueryList } from "../../components/QueryList";
import { RemoveButton } from "../../components/RemoveButton";
import type { TitleOf } from "../../lib/intents";
import { ExampleDialog } from "./ExampleDialog";
import { type ExampleFilter, examplesQuery, useRemoveExample } from "./queries";

type Props = { filter: ExampleFilter; intents: readonly Intent[]; titleOf: TitleOf };

/** What people say, each with its intent. */
export function ExampleList({ filter, intents, titleOf }: Props) {
  const { t } = useTranslation();
  const remove = useRemoveExample();
  const [editing, setEditing] = useState<Example>();
  const list = useInfiniteQuery({
    ...examplesQuery(filter),
    select: (data) => data.pages.flatMap((page) => page.items),
  });
  return (
    <>
      <QueryList
        query={list}
        empty={
          <EmptyState
            icon={MessageSquareText}
            title={filter.q ? t("examples.notFound", { q: filter.q }) : t("examples.empty")}
          >
            {t(filter.q ? "examples.notFoundText" : "examples.emptyText")}
          </EmptyState>
        }
        footer={<LoadMore query={list} />}
      >
        {(example) => (
          <div className="flex items-center gap-3 py-1.5 pr-2 pl-4">
            <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 py-1 text-sm text-ink">
              <span className="min-w-0 break-words">{neutralise(example.text)}</span>
              {!filter.intent && <Badge tone="accent">{titleOf(example.intent)}</Badge>}
              {!filter.language && <Badge>{t(`language.${example.language}`)}</Badge>}
            </div>
            <span className="flex shrink-0">
              <IconButton label={t("common.edit")} onClick={() => setEditing(example)}>
                <Pencil aria-hidden />
              </IconButton>
              <RemoveButton
                label={t("common.remove")}
                title={t("examples.removeTitle")}
                description={t("examples.removeText", { text: neutralise(example.text) })}
                remove={remove}
                id={example.id}
              />
            </span>
          </div>
        )}
      </QueryList>
      {editing && (
        <ExampleDialog
          example={editing}
          intents={intents}
          titleOf={titleOf}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}
