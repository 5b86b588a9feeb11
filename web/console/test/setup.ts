/** Runs before every test file: the sentences, what jsdom lacks, a tidy page after each test. */
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";

import { startI18n } from "../src/app/i18n";
import { FakeSocket } from "./FakeSocket";
import { server } from "./server";

// Two cores may be busy with others; a test waits for what it looks for, not for a clock.
configure({ asyncUtilTimeout: 10_000 });

beforeAll(async () => {
  await startI18n("en");
  server.listen({ onUnhandledRequest: "error" });
  // After the server, which puts its own in place.
  Object.defineProperty(globalThis, "WebSocket", { value: FakeSocket, configurable: true });
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeSocket.opened = [];
  localStorage.clear();
});
afterAll(() => server.close());

// jsdom lays nothing out, so nothing ever comes into view by itself.
globalThis.IntersectionObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
} as unknown as typeof IntersectionObserver;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.hasPointerCapture ??= () => false;
