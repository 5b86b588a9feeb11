import { defineConfig } from "vitest/config";

/** One classic script without a module system: it runs in pages that we know nothing about. */
export default defineConfig({
  build: {
    target: ["es2020", "chrome87", "safari14", "firefox90"],
    lib: {
      entry: "src/main.ts",
      formats: ["iife"],
      name: "attuneLoader",
      fileName: () => "loader.js",
    },
    reportCompressedSize: true,
  },
  test: {
    name: "loader",
    environment: "jsdom",
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
  },
});
