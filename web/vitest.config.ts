/** Runs the tests of every workspace: each brings its own `vite.config.ts` or `vitest.config.ts`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["*/vite.config.ts", "*/vitest.config.ts"],
  },
});
