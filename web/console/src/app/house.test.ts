/** The rules of the house that no type checks. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import en from "@attune/shared/locales/en/console.json";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), "utf8") }));

function imports(text: string): string[] {
  return [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1] as string);
}

test("features do not import each other", () => {
  const crossing = files.flatMap(({ name, text }) => {
    const feature = /^features\/([^/]+)\//.exec(name)?.[1];
    if (!feature) return [];
    return imports(text)
      .filter((path) => path.startsWith("."))
      .map((path) => relative(SRC, join(SRC, name, "..", path)))
      .filter((path) => /^(features|routes|live|app)\//.test(path))
      .filter((path) => !path.startsWith(`features/${feature}/`))
      .map((path) => `${name} → ${path}`);
  });

  expect(crossing).toEqual([]);
});

test("nothing puts markup into the page as a string", () => {
  const offenders = files.filter(({ text }) =>
    /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|\beval\(|new Function/.test(text),
  );

  expect(offenders.map(({ name }) => name)).toEqual([]);
});

test("nothing puts another document into the page", () => {
  const offenders = files.filter(({ text }) => /<(iframe|object|embed|frame)[\s/]/.test(text));

  expect(offenders.map(({ name }) => name)).toEqual([]);
});

test("every sentence that is asked for by name exists", () => {
  const known = new Set(keys(en));
  const asked = files.flatMap(({ text }) =>
    [...text.matchAll(/\bt\(\s*"([\w.-]+)"/g)].map((match) => match[1] as string),
  );

  expect(asked.length).toBeGreaterThan(150);
  expect(asked.filter((key) => !known.has(key) && !known.has(`${key}_other`))).toEqual([]);
});

function keys(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "string" ? [prefix + key] : keys(inner, `${prefix}${key}.`),
  );
}
