// @vitest-environment node
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";

const GZIP_BYTES_MAX = 60 * 1024;

test("the widget's scripts weigh at most 60 KiB, and its page runs no inline script", async () => {
  const root = resolve(import.meta.dirname, "..");
  const built = (await build({
    root,
    logLevel: "silent",
    build: { write: false },
  })) as Rollup.RollupOutput;

  const scripts = built.output.filter(({ fileName }) => fileName.endsWith(".js"));
  const bytes = scripts.map((one) => (one.type === "chunk" ? gzipSync(one.code).length : 0));
  const page = built.output.find(({ fileName }) => fileName === "index.html");
  const html = page?.type === "asset" ? String(page.source) : "";

  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(GZIP_BYTES_MAX);
  expect(bytes.every((one) => one > 0)).toBe(true);
  expect([...html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)].map(([, code]) => code)).toEqual([
    "",
  ]);
  expect(html).not.toMatch(/ style=| on\w+=/);
}, 60_000);
