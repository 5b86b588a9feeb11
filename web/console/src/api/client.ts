/** How the console asks the server: one typed client, one kind of error. */
import { createApi, problemOf as documentOf } from "@attune/shared/api";

import type { ProblemDocument } from "./types";

/** A request that the server refused, with its reason. */
export class ProblemError extends Error {
  constructor(readonly problem: ProblemDocument) {
    super(problem.detail || problem.title);
    this.name = "ProblemError";
  }

  /** The stable code of the reason, such as `conversation-resolved`. */
  get code(): string {
    return this.problem.code ?? this.problem.type.slice(this.problem.type.lastIndexOf("/") + 1);
  }
}

/** The API client; every URL, body and response is checked against the OpenAPI document. */
export const api = createApi({
  origin: globalThis.location?.origin ?? "",
  // Looked up on every call, so that tests can replace it.
  fetch: (request) => globalThis.fetch(request),
});

type Call<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** Returns what the server sent, or throws its problem. */
export async function unwrap<T>(call: Call<T>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = documentOf(error, response.status);
  throw new ProblemError({ ...problem, title: problem.title || `HTTP ${response.status}` });
}

/** The problem behind an error, if the server gave one. */
export function problemOf(error: unknown): ProblemError | undefined {
  return error instanceof ProblemError ? error : undefined;
}
