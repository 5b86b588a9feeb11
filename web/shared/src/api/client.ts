/**
 * The client of Attune's REST API, typed by the OpenAPI document.
 *
 * `schema.d.ts` is generated (`npm run generate`); nothing about the API is written by hand here.
 */
import createClient, { type Client } from "openapi-fetch";

import type { Problem } from "../live/frames.ts";
import type { paths } from "./schema.d.ts";

/** A client for every path of the API. */
export type Api = Client<paths>;

/** What a client needs to know. */
export interface ApiOptions {
  /** Where the server is; the page's own origin by default. */
  origin?: string;
  /** The bearer token to send, asked before each request. */
  token?: () => string | null;
  /** The `fetch` to use; the browser's by default. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Makes a client. Writes carry the header that guards cookie sessions against forged requests. */
export function createApi({ origin = "", token, fetch }: ApiOptions = {}): Api {
  const client = createClient<paths>({ baseUrl: origin, ...(fetch ? { fetch } : {}) });
  client.use({
    onRequest({ request }) {
      request.headers.set("X-Attune", "1");
      const bearer = token?.();
      if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
      return request;
    },
  });
  return client;
}

/** Reads a problem document from whatever a failed request left. */
export function problemOf(error: unknown, status = 0): Problem {
  const fields = typeof error === "object" && error !== null ? (error as Partial<Problem>) : {};
  return {
    ...fields,
    type: typeof fields.type === "string" ? fields.type : "about:blank",
    title: typeof fields.title === "string" ? fields.title : "",
    status: typeof fields.status === "number" ? fields.status : status,
  };
}
