/** A file in a message: a picture that opens, or a card that downloads. */
import type { Attachment } from "@attune/shared/live";
import { displayName } from "@attune/shared/text";
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import { type Files, isPicture } from "./files.ts";
import { sizeText } from "./size.ts";

/** Gives the visitor's files to everything below. */
export const FilesContext = createContext<Files | null>(null);

/** One attachment. */
export function AttachmentView({ attachment }: { attachment: Attachment }) {
  return isPicture(attachment) ? (
    <Picture attachment={attachment} />
  ) : (
    <FileCard attachment={attachment} />
  );
}

function Picture({ attachment }: { attachment: Attachment }) {
  const { t } = useSpeech();
  const files = useContext(FilesContext);
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const name = displayName(attachment.name);

  useEffect(() => {
    let current = true;
    files
      ?.localUrl(attachment)
      .then((found) => current && setUrl(found))
      .catch(() => current && setFailed(true));
    return () => {
      current = false;
    };
  }, [files, attachment.id]);

  if (failed) return <p class="picture-missing">{t("attachment.unavailable")}</p>;
  const { width, height } = attachment;
  const ratio = width && height ? { aspectRatio: `${width} / ${height}` } : {};
  return (
    <>
      <button
        type="button"
        class="picture"
        aria-label={t("attachment.open", { name })}
        disabled={url === null}
        onClick={() => dialog.current?.showModal()}
      >
        {url ? (
          <img src={url} alt={name} style={ratio} />
        ) : (
          <span class="picture-wait" style={ratio} />
        )}
      </button>
      <dialog ref={dialog} class="lightbox" aria-label={name}>
        <form method="dialog">
          <button type="submit" aria-label={t("action.close")}>
            <Icon name="close" />
          </button>
        </form>
        {url && <img src={url} alt={name} />}
      </dialog>
    </>
  );
}

function FileCard({ attachment }: { attachment: Attachment }) {
  const speech = useSpeech();
  const files = useContext(FilesContext);
  const name = displayName(attachment.name);
  const download = async () => {
    const url = await files?.localUrl(attachment).catch(() => null);
    if (!url) return;
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = name || "file";
    anchor.click();
  };
  return (
    <button
      type="button"
      class="file"
      aria-label={speech.t("attachment.download", { name })}
      onClick={download}
    >
      <Icon name="file" />
      <span class="file-name">{name}</span>
      <span class="file-size">{sizeText(attachment.size, speech)}</span>
    </button>
  );
}
