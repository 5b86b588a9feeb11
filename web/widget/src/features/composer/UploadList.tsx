/** The files that wait to be sent, as small tags with their progress. */
import { displayName } from "@attune/shared/text";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import type { Upload, Uploads } from "./uploads.ts";

/** All waiting files, and why one was not taken. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  return (
    <>
      {uploads.list.length > 0 && (
        <ul class="uploads">
          {uploads.list.map((upload) => (
            <UploadTag
              key={upload.key}
              upload={upload}
              onRemove={() => uploads.remove(upload.key)}
            />
          ))}
        </ul>
      )}
      <p class="complaint" role="alert">
        {uploads.complaint}
      </p>
    </>
  );
}

function UploadTag({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { t } = useSpeech();
  const name = displayName(upload.name);
  return (
    <li class={`upload ${upload.failed ? "bad" : ""}`}>
      <Icon name={upload.failed ? "alert" : "file"} />
      <span class="file-name">{name}</span>
      {!upload.attachment && !upload.failed && (
        <progress aria-label={t("attachment.uploading", { name })} value={upload.share} max={1} />
      )}
      <button type="button" aria-label={t("attachment.remove", { name })} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  );
}
