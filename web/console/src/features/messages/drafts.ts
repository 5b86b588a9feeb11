/** What is written and not yet sent, per conversation; it waits while another conversation is open. */
import { useSyncExternalStore } from "react";

import type { Attachment } from "../../api/types";
import type { Draft } from "./sending";

const EMPTY: Draft = { kind: "text", text: "", attachments: [] };
const DRAFTS_MAX = 100;
const drafts = new Map<number, Draft>();
const listeners = new Set<() => void>();

/** Reads the draft of a conversation. */
export function useDraft(conversation: number): Draft {
  return useSyncExternalStore(subscribe, () => drafts.get(conversation) ?? EMPTY);
}

/** Changes the draft of a conversation. */
export function writeDraft(conversation: number, change: Partial<Draft>): void {
  const next = { ...(drafts.get(conversation) ?? EMPTY), ...change };
  drafts.delete(conversation);
  drafts.set(conversation, next);
  const oldest = drafts.keys().next().value;
  if (drafts.size > DRAFTS_MAX && oldest !== undefined) drafts.delete(oldest);
  publish();
}

/** Adds a file to the draft of a conversation. */
export function attach(conversation: number, attachment: Attachment): void {
  const { attachments } = drafts.get(conversation) ?? EMPTY;
  writeDraft(conversation, { attachments: [...attachments, attachment] });
}

/** Empties the draft of a conversation; what kind it was stays. */
export function clearDraft(conversation: number): void {
  writeDraft(conversation, { text: "", attachments: [] });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function publish(): void {
  for (const listener of listeners) listener();
}
