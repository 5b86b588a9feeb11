/** Asks the server as a browser at some origin would, without a browser: the name goes into `Host`. */
import { request } from "node:http";

/** What was answered. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Gets a path of an origin whose name leads to this machine. */
export function get(origin: string, path: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const { host, port } = new URL(origin);
  return new Promise((done, fail) => {
    const asked = request({ host: "127.0.0.1", port, path, headers: { host, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", fail);
      answer.on("end", () =>
        done({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on("error", fail);
    asked.end();
  });
}
