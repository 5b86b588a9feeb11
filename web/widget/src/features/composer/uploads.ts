/** The files that wait beside the text to be sent. */
import type { Attachment } from "@attune/shared/live";
import { useContext, useRef, useState } from "preact/hooks";

import { type Speech, useSpeech } from "../../i18n.ts";
import { FilesContext } from "../attachment/AttachmentView.tsx";
import { FILE_BYTES_MAX, FILES_MAX } from "../attachment/files.ts";
import { sizeText } from "../attachment/size.ts";

/** A file on its way. */
export interface Upload {
  key: number;
  name: string;
  share: number;
  attachment: Attachment | null;
  failed: boolean;
}

/** What a composer does with files. */
export interface Uploads {
  list: readonly Upload[];
  /** Why the last file was not taken. */
  complaint: string | null;
  busy: boolean;
  add(files: Iterable<File>): void;
  remove(key: number): void;
  /** Hands over what is complete, and starts with none. */
  take(): Attachment[];
}

/** Keeps the files of one composer. */
export function useUploads(): Uploads {
  const speech = useSpeech();
  const files = useContext(FilesContext);
  const [list, setList] = useState<readonly Upload[]>([]);
  const [complaint, setComplaint] = useState<string | null>(null);
  const next = useRef(0);
  const aborts = useRef(new Map<number, AbortController>());

  const change = (key: number, part: Partial<Upload>) =>
    setList((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)));

  const start = (file: File) => {
    next.current += 1;
    const key = next.current;
    const abort = new AbortController();
    aborts.current.set(key, abort);
    setList((now) => [...now, { key, name: file.name, share: 0, attachment: null, failed: false }]);
    files
      ?.upload(file, (share) => change(key, { share }), abort.signal)
      .then((attachment) => change(key, { attachment, share: 1 }))
      .catch(() => {
        if (abort.signal.aborted) return;
        change(key, { failed: true });
        setComplaint(speech.t("attachment.failed", { name: file.name }));
      });
  };

  return {
    list,
    complaint,
    busy: list.some(({ attachment, failed }) => attachment === null && !failed),
    add(chosen) {
      setComplaint(null);
      let room = FILES_MAX - list.length;
      for (const file of chosen) {
        const refusal = refuse(file, room, speech);
        if (refusal) {
          setComplaint(refusal);
          continue;
        }
        room -= 1;
        start(file);
      }
    },
    remove(key) {
      aborts.current.get(key)?.abort();
      aborts.current.delete(key);
      setComplaint(null);
      setList((now) => now.filter((one) => one.key !== key));
    },
    take() {
      const complete = list.flatMap(({ attachment }) => attachment ?? []);
      aborts.current.clear();
      setList([]);
      setComplaint(null);
      return complete;
    },
  };
}

function refuse(file: File, room: number, speech: Speech): string | null {
  const { t } = speech;
  if (room <= 0) return t("attachment.too_many", { limit: FILES_MAX });
  if (file.size <= FILE_BYTES_MAX) return null;
  return t("attachment.too_large", { name: file.name, limit: sizeText(FILE_BYTES_MAX, speech) });
}
