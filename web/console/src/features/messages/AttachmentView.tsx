import { displayName } from "@attune/shared/text";
import { useQuery } from "@tanstack/react-query";
import { Download, FileText } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Attachment } from "../../api/types";
import { fileQuery, formatSize } from "./files";

const SHOWN_AS_IMAGE = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** A file of a message: a picture is shown, everything else is offered for download. */
export function AttachmentView({ attachment }: { attachment: Attachment }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(fileQuery(attachment.id));
  const name = displayName(attachment.name);

  if (SHOWN_AS_IMAGE.has(attachment.content_type)) {
    return (
      <a href={data?.url} target="_blank" rel="noreferrer" className="block w-fit rounded-lg">
        <img
          src={data?.url}
          alt={name}
          width={attachment.width ?? undefined}
          height={attachment.height ?? undefined}
          loading="lazy"
          className="max-h-56 w-auto max-w-full sm:max-w-88 rounded-lg border border-line bg-sunken object-contain"
        />
      </a>
    );
  }
  return (
    <a
      href={data?.url}
      download={name}
      className="flex max-w-72 items-center gap-3 rounded-lg border border-line bg-surface px-3 py-2 text-ink hover:bg-hover"
    >
      <FileText aria-hidden className="size-5 shrink-0 text-muted" strokeWidth={1.5} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[0.8125rem] font-medium">{name}</span>
        <span className="block text-xs text-muted">
          {formatSize(attachment.size, i18n.language)}
        </span>
      </span>
      <Download role="img" aria-label={t("message.download")} className="size-4 text-muted" />
    </a>
  );
}
