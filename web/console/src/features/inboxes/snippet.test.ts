import { expect, test } from "vitest";

import { embedSnippet } from "./snippet";

test("the snippet names the loader, the inbox and its language", () => {
  expect(embedSnippet("https://chat.example", { key: "abc", language: "zh" })).toBe(
    '<script src="https://chat.example/loader.js" data-inbox="abc" data-locale="zh" defer></script>',
  );
});

test("nothing breaks out of an attribute", () => {
  const snippet = embedSnippet("https://chat.example", { key: '"><script>', language: "zh" });

  expect(snippet).toContain('data-inbox="&#34;&#62;&#60;script&#62;"');
});
