import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const css = readFileSync(fileURLToPath(new URL("./tokens.css", import.meta.url)), "utf8");

function block(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf("}", start));
  return new Map(
    [...body.matchAll(/--at-([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, k, v]) => [k ?? "", v ?? ""]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const light = block(":root");
const dark = block(':root[data-theme="dark"]');

const TEXT = 4.5;
const SHAPE = 3;
const PAIRS: [string, string, number][] = [
  ...["paper", "surface", "raised"].flatMap((ground): [string, string, number][] => [
    ["ink", ground, TEXT],
    ["ink-2", ground, TEXT],
    ["ink-3", ground, TEXT],
    ["accent", ground, TEXT],
    ["danger-ink", ground, TEXT],
    ["line-strong", ground, SHAPE],
    ["focus", ground, SHAPE],
  ]),
  ["star", "surface", 2.6],
  ["on-accent", "accent", TEXT],
  ["on-accent", "accent-hover", TEXT],
  ["on-danger", "danger", TEXT],
  ["on-danger", "danger-hover", TEXT],
  ["ink", "accent-soft", TEXT],
  ...["accent", "danger", "warn", "good", "info"].map((name): [string, string, number] => [
    `${name}-ink`,
    `${name}-soft`,
    TEXT,
  ]),
];

describe.each([
  ["light", light],
  ["dark", dark],
])("in %s", (_, tokens) => {
  test.each(PAIRS)("%s on %s can be read", (front, ground, least) => {
    const ratio = contrast(tokens.get(front) ?? "", tokens.get(ground) ?? "");

    expect(ratio).toBeGreaterThanOrEqual(least);
  });
});

test("dark by preference and dark by choice are the same", () => {
  expect(block(':root:not([data-theme="light"])')).toEqual(dark);
});

test("dark replaces every colour of light", () => {
  expect([...dark.keys()].sort()).toEqual([...light.keys()].sort());
});
