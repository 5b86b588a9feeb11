/** Cache keys of threads. */
export const messageKeys = {
  all: ["messages"] as const,
  thread: (conversation: number) => ["messages", conversation] as const,
  typing: (conversation: number) => ["typing", conversation] as const,
  send: (conversation: number) => ["send", conversation] as const,
};
