import { defineConfig } from "vitest/config";

/** The page of the frame. No inlined assets and no inlined scripts: its policy allows neither. */
export default defineConfig({
  base: "/widget/",
  build: {
    target: ["es2021", "chrome87", "safari14", "firefox90"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } } },
  test: {
    name: "widget",
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
  },
});
