import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { pickLocale, type Sentences, translator } from "./index.ts";

const folder = fileURLToPath(new URL("../../locales/", import.meta.url));
const names = readdirSync(`${folder}zh`).filter((name) => name.endsWith(".json"));

function read(locale: string, name: string): Sentences {
  return JSON.parse(readFileSync(`${folder}${locale}/${name}`, "utf8")) as Sentences;
}

function entries(sentences: Sentences, prefix = ""): [string, string][] {
  return Object.entries(sentences).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value]] : entries(value, `${prefix}${key}.`),
  );
}

const stem = (key: string) => key.replace(/_(one|other)$/, "");
const gaps = (sentence: string) => [...new Set(sentence.match(/\{\{\w+\}\}/g))].sort();

test("both languages have the same files", () => {
  expect(readdirSync(`${folder}en`).sort()).toEqual(readdirSync(`${folder}zh`).sort());
});

describe.each(names)("%s", (name) => {
  const zh = entries(read("zh", name));
  const en = entries(read("en", name));

  test("has the same keys in both languages", () => {
    const keys = (list: [string, string][]) => [...new Set(list.map(([key]) => stem(key)))].sort();

    expect(keys(en)).toEqual(keys(zh));
  });

  test("has the same gaps in both languages", () => {
    const byStem = new Map(zh.map(([key, sentence]) => [stem(key), gaps(sentence)]));

    for (const [key, sentence] of en)
      expect([key, gaps(sentence)]).toEqual([key, byStem.get(stem(key))]);
  });

  test("says something under every key", () => {
    expect([...zh, ...en].filter(([, sentence]) => sentence.trim() === "")).toEqual([]);
  });

  test("has both plural forms in English", () => {
    const keys = new Set(en.map(([key]) => key));

    for (const key of keys) {
      if (key.endsWith("_one")) expect(keys).toContain(key.replace(/_one$/, "_other"));
    }
  });
});

describe("translator", () => {
  const file: Sentences = {
    a: { b: "hello {{name}}" },
    left_one: "{{count}} left",
    left_other: "{{count}} are left",
  };

  test.each([
    ["a.b", { name: "Ada" }, "hello Ada"],
    ["a.b", {}, "hello {{name}}"],
    ["left", { count: 1 }, "1 left"],
    ["left", { count: 2 }, "2 are left"],
    ["no.such.key", {}, "no.such.key"],
  ])("reads %s with %j as %j", (key, values, sentence) => {
    expect(translator("en", [file])(key, values)).toBe(sentence);
  });
});

test.each([
  [["zh-Hant-TW"], "zh"],
  [["en_GB"], "en"],
  [["fr", "zh-CN"], "zh"],
  [["fr"], "en"],
  [[null, undefined, ""], "zh"],
])("of %j the language is %s", (tags, locale) => {
  expect(pickLocale(...tags)).toBe(locale);
});
