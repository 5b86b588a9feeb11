/** How the journeys run: the system's Chromium, the real binary, nothing downloaded. */
import { defineConfig } from "@playwright/test";

const CI = process.env.CI !== undefined;

export default defineConfig({
  outputDir: "out/results",
  fullyParallel: true,
  forbidOnly: CI,
  // A journey that only sometimes works is a fault, so nothing is tried twice.
  retries: 0,
  // Two at a time: each brings a server and its browsers, and two cores must suffice.
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["line"], ["json", { outputFile: "out/report.json" }]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    timezoneId: "Asia/Shanghai",
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    trace: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "journeys", testDir: "journeys" },
    // Stock Firefox by WebDriver BiDi: what strangers write must be harmless there too.
    {
      name: "firefox",
      testDir: "journeys",
      testMatch: "hostile*.spec.ts",
      use: {
        browserName: "firefox",
        channel: "moz-firefox",
        launchOptions: { executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", args: [] },
      },
    },
    { name: "pictures", testDir: "pictures", fullyParallel: false },
  ],
});
