import type { TFunction } from "i18next";

import { problemOf } from "./client";

/** Puts an error into words: our own sentence for a known reason, else the server's detail. */
export function explain(error: Error, t: TFunction): string {
  const problem = problemOf(error);
  if (!problem) return t("problems.offline");
  const fields = (problem.problem.errors ?? []).map((field) => field.detail);
  const detail = t(`problems.${problem.code}`, { defaultValue: problem.message });
  return [detail, ...fields.filter((field) => field !== detail)].join(" ");
}
