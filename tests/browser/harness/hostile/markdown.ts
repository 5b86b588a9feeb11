/** Markdown around markup, templates of other systems, and markup in other writings. */
import { crossed, DEEDS, deedOf, runner, STRANGER } from "./deeds.ts";

/** Places in Markdown; `@` stands for the markup. */
const PLACES = [
  "```html\n@\n```",
  "~~~\n@\n~~~",
  "```@\nx\n```",
  "`@`",
  "``@` ``",
  "    @",
  "> @",
  "> > - @",
  "- @",
  "1. @",
  "- [x] @",
  "# @",
  "@\n===",
  "**@**",
  "~~@~~",
  "_@_",
  "| a |\n|---|\n| @ |",
  "| @ |\n|---|",
  "[@](http://ok.example)",
  '[x](http://ok.example "@")',
  "[x](http://ok.example/@)",
  "[x](<http://ok.example/@>)",
  "![@](x)",
  '![x](x "@")',
  "[x][r]\n\n[r]: http://ok.example '@'",
  "<http://ok.example/@>",
  "http://ok.example/@",
  "mail@ok.example@",
  "x[^1]\n\n[^1]: @",
  "<!-- -->@<!-- -->",
  "<p>\n\n@\n\n</p>",
  "\\@",
  "@".concat("  \n@"),
];

/** Ways out of an attribute of a link or a picture. */
const ATTRIBUTES = [
  '" onerror="%',
  "' onmouseover='%",
  '"onfocus="%"autofocus="',
  '"><script>%</script>',
  "x onload=%",
  "&quot; onerror=&quot;%",
  '\\" onerror=\\"%',
  "` onclick=`%",
];
const ATTRIBUTE_PLACES = ["![@](x)", "[x](http://ok.example/@)", '[x](http://ok.example "@")', "```@\nx\n```", "<http://ok.example/@>"];

/** Templates, if a text were ever treated as one; `%` stands for the deed. */
const TEMPLATES = [
  "{{constructor.constructor(`%`)()}}",
  "{{$on.constructor(`%`)()}}",
  "{{_c.constructor(`%`)()}}",
  "{{[].pop.constructor&#40;`%`&#41;&#40;&#41;}}",
  "{{#with (lookup this 'constructor')}}%{{/with}}",
  "{{{%}}}",
  "{%% include '%' %%}",
  "${%}",
  "#{%}",
  "*{%}",
  "@(%)",
  "<%= % %>",
  "<?php echo `%`; ?>",
  "%{contact.name}{{contact.name}}%",
  "{{agent.email}}{{inbox.secret}}%",
  "[[${%}]]",
  "$t(%)",
  "{{- x, % }}",
  "<1>%</1>",
];

/** Other writings of markup, which something might turn back. */
const WRITINGS: readonly ((markup: string) => string)[] = [
  (markup) => escaped(markup, (code) => `&#${code};`),
  (markup) => escaped(markup, (code) => `&#x${code.toString(16)};`),
  (markup) => escaped(markup, (code) => `&#${String(code).padStart(7, "0")}`),
  (markup) => markup.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (markup) => markup.replaceAll("<", "&amp;lt;").replaceAll(">", "&amp;gt;"),
  (markup) => markup.replaceAll("<", "&LT").replaceAll(">", "&GT"),
  (markup) => escaped(markup, (code) => `\\u${code.toString(16).padStart(4, "0")}`),
  (markup) => escaped(markup, (code) => `\\x${code.toString(16).padStart(2, "0")}`),
  (markup) => escaped(markup, (code) => `\\${code.toString(16)} `),
  (markup) => encodeURIComponent(markup),
  (markup) => encodeURIComponent(encodeURIComponent(markup)),
  (markup) => markup.replaceAll("<", "%u003c").replaceAll(">", "%u003e"),
  (markup) => markup.replaceAll("<", "+ADw-").replaceAll(">", "+AD4-"),
  (markup) => markup.replaceAll("<", "%c0%bc").replaceAll(">", "%c0%be"),
  (markup) => Buffer.from(markup).toString("base64"),
  (markup) => markup.replace(/[!-~]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)),
  (markup) => markup.replaceAll("<", "\u2039").replaceAll(">", "\u203a"),
  (markup) => markup.replaceAll("<", "\ufe64").replaceAll(">", "\ufe65"),
  (markup) => markup.replaceAll("s", "\u017f").replaceAll("k", "\u212a"),
  (markup) => markup.replaceAll("<", "<\u0000"),
  (markup) => [...markup].join("\u0000"),
  (markup) => `\ufeff${markup}`,
  (markup) => JSON.stringify({ text: markup }),
  (markup) => `{"__proto__":{"text":${JSON.stringify(markup)}}}`,
];

const WRITTEN = [
  `<script>${DEEDS[0]}</script>`,
  `<svg onload=${DEEDS[1]}>`,
  `<img src=x onerror=${DEEDS[2]}>`,
  `<img src=${STRANGER}/written>`,
];

/** Markup in every place of Markdown. */
export const IN_MARKDOWN: readonly string[] = [
  ...crossed(PLACES, [0, 3, 6], (place, from, turn) => place.replaceAll("@", () => runner(from + turn))),
  ...PLACES.map((place) => place.replaceAll("@", () => `<img src=${STRANGER}/placed>`)),
  ...crossed(ATTRIBUTE_PLACES, ATTRIBUTES, (place, out, turn) =>
    place.replaceAll("@", () => out.replaceAll("%", () => deedOf(turn))),
  ),
];

/** Templates with every third deed. */
export const TEMPLATED: readonly string[] = crossed(TEMPLATES, [0, 1, 2], (template, from, turn) =>
  template.replaceAll("%", () => deedOf(turn + from)),
);

/** Markup in other writings. */
export const WRITTEN_OTHERWISE: readonly string[] = crossed(WRITINGS, WRITTEN, (write, markup) => write(markup));

function escaped(markup: string, write: (code: number) => string): string {
  return [...markup].map((character) => write(character.codePointAt(0) ?? 0)).join("");
}
