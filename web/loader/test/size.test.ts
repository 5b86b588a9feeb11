// @vitest-environment node
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";

const GZIP_BYTES_MAX = 5 * 1024;

test("the loader is one file and costs a page at most 5 KiB", async () => {
  const root = resolve(import.meta.dirname, "..");
  const built = (await build({
    root,
    logLevel: "silent",
    build: { write: false },
  })) as Rollup.RollupOutput[];
  const outputs = [built].flat().flatMap(({ output }) => output);

  expect(outputs.map(({ fileName }) => fileName)).toEqual(["loader.js"]);
  for (const one of outputs) {
    const code = one.type === "chunk" ? one.code : one.source;
    expect(gzipSync(code).length).toBeLessThanOrEqual(GZIP_BYTES_MAX);
  }
}, 60_000);
