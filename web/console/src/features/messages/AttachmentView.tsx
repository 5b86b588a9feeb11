import { cleanName, displayName } from "@attune/shared/text";
import { useQuery } from "@tanstack/react-query";
import { Download, FileText, ShieldAlert, ShieldEllipsis } from "lucide-react";
import { type CSSProperties, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Attachment } from "../../api/types";
import { cn } from "../../lib/cn";
import { fileQuery, formatSize } from "./files";

const SHOWN_AS_IMAGE = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The room that a picture gets, in pixels. */
const PICTURE_WIDTH_MAX = 352;
const PICTURE_HEIGHT_MAX = 224;

/** A file of a message: a picture is shown, everything else is offered for download, once it may be. */
export function AttachmentView({ attachment }: { attachment: Attachment }) {
  const { state } = attachment;
  return (
    <>
      {state === "clean" ? (
        <File attachment={attachment} />
      ) : (
        <HeldBack attachment={attachment} state={state} />
      )}
      <ScanNews attachment={attachment} />
    </>
  );
}

/** Tells who listens what became of a file that was being scanned. */
function ScanNews({ attachment: { state, name } }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const [first] = useState(state);
  const news = state === "clean" ? "message.scanned" : "message.refusedFile";
  return (
    <span aria-live="polite" className="sr-only">
      {state !== first && state !== "scanning" && t(news, { name: displayName(name) })}
    </span>
  );
}

/** A file that cannot be had: as large as what will stand in its place. */
function HeldBack({
  attachment,
  state,
}: {
  attachment: Attachment;
  state: "scanning" | "refused";
}) {
  const { t } = useTranslation();
  const picture = SHOWN_AS_IMAGE.has(attachment.content_type);
  const refused = state === "refused";
  const Shield = refused ? ShieldAlert : ShieldEllipsis;
  return (
    <div
      style={picture ? frameOf(attachment) : undefined}
      className={cn(
        "flex max-w-72 items-center gap-3 rounded-lg border border-line bg-sunken px-3 py-2 text-ink",
        picture && "min-h-20 min-w-40 max-w-full flex-col justify-center gap-1.5 text-center",
      )}
    >
      <Shield
        aria-hidden
        className={cn("size-5 shrink-0", refused ? "text-danger-ink" : "text-muted")}
        strokeWidth={1.5}
      />
      <span className={cn("min-w-0", !picture && "flex-1")}>
        <span className={cn("block truncate text-[0.8125rem] font-medium", picture && "sr-only")}>
          {displayName(attachment.name)}
        </span>
        <span className={cn("block text-xs", refused ? "text-danger-ink" : "text-muted")}>
          {t(`message.${state}`)}
        </span>
      </span>
    </div>
  );
}

/** How large a picture is shown, before it is there. */
function frameOf({ width, height }: Attachment): CSSProperties | undefined {
  if (!width || !height) return;
  const scale = Math.min(1, PICTURE_WIDTH_MAX / width, PICTURE_HEIGHT_MAX / height);
  return { width: Math.round(width * scale), aspectRatio: `${width} / ${height}` };
}

function File({ attachment }: { attachment: Attachment }) {
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
          style={frameOf(attachment)}
          className="max-h-56 max-w-full sm:max-w-88 rounded-lg border border-line bg-sunken object-contain"
        />
      </a>
    );
  }
  return (
    <a
      href={data?.url}
      download={cleanName(attachment.name)}
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
