import { displayName } from "@attune/shared/text";
import { FileText, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Attachment } from "../../api/types";
import { writeDraft } from "./drafts";

type Props = { conversation: number; files: Attachment[] };

/** The files that will go with the next message. */
export function DraftFiles({ conversation, files }: Props) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 px-3 py-1.5">
      {files.map((file) => (
        <li
          key={file.id}
          className="flex h-7 max-w-56 items-center gap-1.5 rounded-md bg-sunken pr-1 pl-2 text-xs text-ink"
        >
          <FileText aria-hidden className="size-3.5 shrink-0 text-muted" />
          <span className="truncate">{displayName(file.name)}</span>
          <button
            type="button"
            aria-label={t("composer.removeFile", { name: displayName(file.name) })}
            onClick={() =>
              writeDraft(conversation, { attachments: files.filter(({ id }) => id !== file.id) })
            }
            className="inline-flex size-5 items-center justify-center rounded text-muted hover:bg-line hover:text-ink"
          >
            <X aria-hidden className="size-3" />
          </button>
        </li>
      ))}
    </ul>
  );
}
