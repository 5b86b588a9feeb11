/** HTML, SVG and MathML that would run or fetch: elements × handlers, ways out × ways in, wrappers × contents. */
import { crossed, deedOf, filled, runner, STRANGER } from "./deeds.ts";

/** Elements of which one or the other event comes by itself; `@` stands for the handler. */
const ELEMENTS = [
  "<img src=x @>",
  "<img/src=x/@>",
  "<image src=x @>",
  "<svg @>",
  "<svg><animate attributeName=x dur=1s @></svg>",
  "<svg><image href=x @></svg>",
  "<math @>x</math>",
  "<body @>",
  "<video src=x @></video>",
  "<video><source src=x @></video>",
  "<audio src=x autoplay @>",
  "<input autofocus @>",
  "<textarea autofocus @></textarea>",
  "<select autofocus @></select>",
  "<button autofocus @>x</button>",
  "<a href=# autofocus tabindex=0 @>x</a>",
  "<details open @><summary>x</summary></details>",
  "<dialog open @>x</dialog>",
  "<marquee @>x</marquee>",
  "<iframe src=x @></iframe>",
  "<object data=x @></object>",
  "<link rel=stylesheet href=x @>",
  "<script src=x @></script>",
  "<style @>*{}</style>",
  "<div contenteditable autofocus tabindex=0 style=animation:x @>x</div>",
  "<x-y id=x tabindex=0 autofocus @>x</x-y>",
];

/** Events, most of which need nobody to press anything. */
const EVENTS = [
  "onerror",
  "onload",
  "onfocus",
  "onfocusin",
  "ontoggle",
  "onbeforetoggle",
  "onstart",
  "onbegin",
  "onend",
  "onloadstart",
  "oncanplay",
  "onanimationstart",
  "ontransitionrun",
  "onpointerover",
  "onclick",
  "onscrollend",
];

/** How the value of a handler may be written. */
const VALUES: readonly ((event: string, deed: string) => string)[] = [
  (event, deed) => `${event}="${deed}"`,
  (event, deed) => `${event}=${deed}`,
  (event, deed) => `${event.toUpperCase()} = "${deed}"`,
  (event, deed) => `${event}\n=\n"${deed}"`,
  (event, deed) => `${event}="${entities(deed)}"`,
  (event, deed) => `" ${event}="${deed}" x="`,
  (event, deed) => `x\f${event}=\`${deed}\``,
];

/** Ways out of where a text might stand. */
const WAYS_OUT = [
  '">',
  "'>",
  "</textarea>",
  "</title>",
  "</style>",
  "</script>",
  "</noscript>",
  "</template>",
  "</select>",
  "</iframe>",
  "</xmp>",
  "</svg>",
  "</math>",
  "-->",
  "--!>",
  "]]>",
  "*/",
  "\u0000>",
];

/** Ways in: what then runs. `%` stands for the deed. */
const WAYS_IN = [
  "<script>%</script>",
  '<script type="module">%</script>',
  "<ScRiPt>%</sCrIpT >",
  "<script\t>%</script\n>",
  "<script/x>%</script/x>",
  "<<script>script>%<</script>/script>",
  "<scr<script>ipt>%</scr</script>ipt>",
  "<svg onload=%>",
  "<svg><script>%</script></svg>",
  '<iframe srcdoc="<script>parent.%</script>"></iframe>',
];

/** What the parser moves or reads differently the second time. `@` stands for the contents. */
const WRAPPERS = [
  "<math><mtext><table><mglyph><style>@</style></mglyph></table></mtext></math>",
  "<math><mtext><mglyph><style>@</style></mglyph></mtext></math>",
  '<math><annotation-xml encoding="text/html">@</annotation-xml></math>',
  '<math><annotation-xml encoding="application/xhtml+xml"><style>@</style></annotation-xml></math>',
  "<math><mi><style>@</style></mi></math>",
  "<svg><style>@</style></svg>",
  "<svg><title>@</title></svg>",
  "<svg><desc><style>@</style></desc></svg>",
  "<svg><foreignObject>@</foreignObject></svg>",
  "<svg><p><style>@</style></p></svg>",
  "<form><math><mtext></form><form><mglyph><style>@</style></mglyph></form></math></form>",
  '<noscript><p title="</noscript>@"></noscript>',
  "<noembed>@</noembed>",
  "<noframes>@</noframes>",
  "<xmp>@</xmp>",
  "<plaintext>@",
  "<listing>@</listing>",
  "<template>@</template>",
  "<select><option><style>@</style></option></select>",
  "<table><td>@</table>",
  "<a><table><a>@</a></table></a>",
  "<!--@-->",
  "<![CDATA[@]]>",
  "<?xml @?>",
  "<option><iframe></select>@",
  "<p><dl><dt><p>@</dl>",
];

/** What is wrapped: markup that runs, also once a comment, a title or a style has been closed. */
const CONTENTS: readonly ((turn: number) => string)[] = [
  runner,
  (turn) => `<!--</style>${runner(turn)}-->`,
  (turn) => `<a title="</style>${runner(turn).replaceAll('"', "'")}">x</a>`,
  (turn) => `<a title="-->${runner(turn).replaceAll('"', "'")}">x</a>`,
  (turn) => `</p></svg></math>${runner(turn)}`,
  (turn) => runner(turn).replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
];

/** Elements that fetch without any script; `@` stands for the address. */
const FETCHERS = [
  '<img src="@">',
  '<img srcset="@ 2x">',
  '<picture><source srcset="@"><img></picture>',
  '<link rel="stylesheet" href="@">',
  '<link rel="prefetch" href="@">',
  '<link rel="preconnect" href="@">',
  '<link rel="icon" href="@">',
  '<link rel="modulepreload" href="@">',
  '<style>@import "@"</style>',
  '<style>*{background:url("@")}</style>',
  '<div style="background:url(@)">x</div>',
  '<div style="list-style:url(@);display:list-item">x</div>',
  '<meta http-equiv="refresh" content="0;url=@">',
  '<base href="@">',
  '<iframe src="@"></iframe>',
  '<frameset><frame src="@"></frameset>',
  '<object data="@"></object>',
  '<embed src="@">',
  '<video poster="@" src="@"></video>',
  '<audio src="@" preload="auto"></audio>',
  '<track default src="@">',
  '<input type="image" src="@">',
  '<body background="@">',
  '<table background="@"><tr><td>x</table>',
  '<svg><image href="@"/></svg>',
  '<svg><image xlink:href="@"/></svg>',
  '<svg><use href="@#x"/></svg>',
  '<svg><filter id="f"><feImage href="@"/></filter></svg>',
  '<svg><rect style="fill:url(@#x)"/></svg>',
  '<form action="@"><input autofocus onfocus="this.form.submit()"></form>',
  '<a href="@" ping="@">x</a>',
  '<script src="@"></script>',
  '<html manifest="@">',
  '<portal src="@"></portal>',
];

const ADDRESSES = [`${STRANGER}/fetched`, `${STRANGER.replace("http:", "")}/relative`, `${STRANGER.replace("//", "\\\\")}/slanted`];

/** Markup that would run. */
export const MARKUP: readonly string[] = [
  ...crossed(ELEMENTS, EVENTS, (element, event, turn) => {
    const write = VALUES[turn % VALUES.length] as (typeof VALUES)[number];
    return element.replaceAll("@", () => write(event, deedOf(turn)));
  }),
  ...filled(WAYS_IN),
  ...crossed(WAYS_OUT, WAYS_IN, (out, into, turn) => out + into.replaceAll("%", () => deedOf(turn + 1))),
  ...crossed(WRAPPERS, CONTENTS, (wrapper, contents, turn) => wrapper.replaceAll("@", () => contents(turn))),
];

/** Markup that would fetch without running. */
export const FETCHING: readonly string[] = crossed(FETCHERS, ADDRESSES, (element, address) =>
  // The first of them is a word of CSS.
  element.replaceAll(/@(?!import)/g, () => address),
);

function entities(text: string): string {
  return [...text].map((character, index) => encode(character, index)).join("");
}

function encode(character: string, index: number): string {
  const code = character.codePointAt(0) ?? 0;
  return index % 2 === 0 ? `&#${code};` : `&#x${code.toString(16)};`;
}
