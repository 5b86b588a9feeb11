/** Live connections of visitors and agents, and the frames they carry. */
export * from "./agent.ts";
export * from "./environment.ts";
export * from "./frames.ts";
export { backoff_ms, CLOSE, type LinkState } from "./link.ts";
export * from "./visitor.ts";
