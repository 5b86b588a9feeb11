/** A file in a message: a picture that opens, a card that downloads, or what keeps it from us. */
import type { Attachment } from "@attune/shared/live";
import { displayName } from "@attune/shared/text";
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import { type Files, isPicture } from "./files.ts";
import { sizeText } from "./size.ts";

/** As wide as a picture is shown, in pixels; as in the style sheet. */
const PICTURE_WIDTH_MAX = 240;

/** Gives the visitor's files to everything below. */
export const FilesContext = createContext<Files | null>(null);

/** One attachment. */
export function AttachmentView({ attachment }: { attachment: Attachment }) {
  const picture = isPicture(attachment);
  if (attachment.state === "scanning" || attachment.state === "refused") {
    return <HeldBack attachment={attachment} state={attachment.state} picture={picture} />;
  }
  return picture ? <Picture attachment={attachment} /> : <FileCard attachment={attachment} />;
}

/** A file that cannot be had: as large as what will stand in its place. */
function HeldBack({
  attachment,
  state,
  picture,
}: {
  attachment: Attachment;
  state: "scanning" | "refused";
  picture: boolean;
}) {
  const { t } = useSpeech();
  const name = displayName(attachment.name);
  return (
    <div
      class={`held ${picture ? "picture" : "file"} ${state}`}
      style={picture ? frameOf(attachment) : {}}
    >
      <Icon name={state === "refused" ? "alert" : "clock"} />
      <span class={picture ? "hidden" : "file-name"}>{name}</span>
      <span class="file-size">{t(`attachment.${state}`)}</span>
    </div>
  );
}

/** The room that a picture takes, before it is there. */
function frameOf({ width, height }: Attachment) {
  if (!width || !height) return {};
  return { width: `${Math.min(width, PICTURE_WIDTH_MAX)}px`, aspectRatio: `${width} / ${height}` };
}

function Picture({ attachment }: { attachment: Attachment }) {
  const { t } = useSpeech();
  const files = useContext(FilesContext);
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempts, setAttempts] = useState(1);
  const dialog = useRef<HTMLDialogElement>(null);
  const name = displayName(attachment.name);

  useEffect(() => {
    let current = true;
    setFailed(false);
    files
      ?.localUrl(attachment)
      .then((found) => current && setUrl(found))
      .catch(() => current && setFailed(true));
    return () => {
      current = false;
    };
  }, [files, attachment.id, attempts]);

  if (failed) {
    return (
      <p class="foot">
        {t("attachment.unavailable")}
        <button type="button" onClick={() => setAttempts(attempts + 1)}>
          {t("attachment.retry")}
        </button>
      </p>
    );
  }
  const frame = frameOf(attachment);
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
          <img src={url} alt={name} style={frame} />
        ) : (
          <span class={frame.width ? "picture-room" : "picture-room picture-wait"} style={frame} />
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
