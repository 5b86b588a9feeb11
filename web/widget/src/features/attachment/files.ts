/** Sends files to the server and fetches them back, with the visitor's token in a header. */
import type { Attachment } from "@attune/shared/live";

/** The most that one file may weigh. */
export const FILE_BYTES_MAX = 10 * 1024 * 1024;
/** The most files in one message. */
export const FILES_MAX = 5;

/** Kinds that the browser may draw; everything else (SVG included) is only offered for download. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Whether a kind of file is shown as a picture. */
export function isPicture({ content_type }: { content_type: string }): boolean {
  return PICTURES.has(content_type);
}

/** The files of one visitor. */
export interface Files {
  /** Uploads a file; `progress` hears a share between 0 and 1. */
  upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Attachment>;
  /** A local address for the bytes of an attachment; the same for every call. */
  localUrl(attachment: Attachment): Promise<string>;
  /** Lets go of all local addresses. */
  forget(): void;
}

/** Files over HTTP. */
export function httpFiles(origin: string, token: () => string | null): Files {
  const urls = new Map<number, Promise<string>>();
  const endpoint = `${origin}/api/v1/visitor/attachments`;
  return {
    upload: (file, progress, signal) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", endpoint);
        request.setRequestHeader("Authorization", `Bearer ${token() ?? ""}`);
        request.responseType = "json";
        request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
        request.onload = () => {
          const attachment = attachmentOf(request.response);
          if (request.status < 300 && attachment) resolve(attachment);
          else reject(new Error(reasonOf(request.response)));
        };
        request.onerror = () => reject(new Error());
        request.onabort = () => reject(new DOMException("aborted", "AbortError"));
        signal.addEventListener("abort", () => request.abort(), { once: true });
        const form = new FormData();
        form.append("file", file, file.name);
        request.send(form);
      }),
    localUrl(attachment) {
      const known = urls.get(attachment.id);
      if (known) return known;
      const url = download(`${endpoint}/${attachment.id}`, token(), attachment);
      urls.set(attachment.id, url);
      url.catch(() => urls.delete(attachment.id));
      return url;
    },
    forget() {
      for (const url of urls.values()) url.then(URL.revokeObjectURL).catch(() => undefined);
      urls.clear();
    },
  };
}

/** The server answers with the bytes, or with a short-lived address where they are. */
async function download(
  url: string,
  token: string | null,
  attachment: Attachment,
): Promise<string> {
  let response = await fetch(url, { headers: { Authorization: `Bearer ${token ?? ""}` } });
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  if (response.ok && isJson && attachment.content_type !== "application/json") {
    const { url: signed } = (await response.json()) as { url?: string };
    if (typeof signed === "string") response = await fetch(new URL(signed, url));
  }
  if (!response.ok) throw new Error(`attachment ${attachment.id}: ${response.status}`);
  const type = isPicture(attachment) ? attachment.content_type : "application/octet-stream";
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], { type }));
}

function attachmentOf(value: unknown): Attachment | undefined {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Partial<Attachment>;
  if (!Number.isSafeInteger(fields.id) || typeof fields.name !== "string") return;
  return {
    id: fields.id as number,
    name: fields.name,
    content_type: fields.content_type ?? "application/octet-stream",
    size: fields.size ?? 0,
    state: fields.state ?? "clean",
    width: fields.width ?? null,
    height: fields.height ?? null,
  };
}

function reasonOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { detail, title } = value as { detail?: unknown; title?: unknown };
  return typeof detail === "string" ? detail : typeof title === "string" ? title : "";
}
