/** Characters that turn, hide, pile up or break; and texts that are hostile to what stands behind the page. */
import { crossed, deedOf } from "./deeds.ts";

/** Marks that turn text around or that nobody sees. */
const MARKS = [
  ..."\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
  ..."\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2028\u2029\u2060\u2061\u2064\u206a\u206f\u3164\ufe0f\ufeff\uffa0\ufff9\ufffb",
  "\u{e0001}",
  "\u{e0041}",
  "\u{1d173}",
];

/** Where a mark does harm; `@` stands for it. */
const SPOTS = ["photo@gnp.exe", "@admin@ Attune", "pay@pal.example", "<scr@ipt>%</scr@ipt>"];

const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).concat(
  "\u007f",
  "\u0080",
  "\u0085",
  "\u009b",
  "\ufffe",
  "\uffff",
  "\ufffd",
);

const PILES = [
  "Z\u0351\u0346\u0342\u030d\u0334".repeat(40),
  `A${"\u0300".repeat(500)}`,
  `e${"\u20dd".repeat(60)}`,
  "\u0e49".repeat(200),
  "\u0489".repeat(120),
  `${"\u0488".repeat(90)}x`,
];

const WIDE = [
  "👩‍👩‍👧‍👦".repeat(60),
  "🏳️‍🌈🏴‍☠️".repeat(30),
  "🇨🇳".repeat(100),
  "\u{1f3fb}".repeat(80),
  "👩\u200d".repeat(200),
  "\u{1f1e6}".repeat(201),
  "ﷺ".repeat(200),
  "𒐫".repeat(200),
  "꧅".repeat(100),
  "⸻".repeat(80),
  "Ｗ".repeat(300),
  "a".repeat(2_000),
  "知".repeat(1_500),
  " x".repeat(900),
  "\n".repeat(300).concat("end"),
  "\t".repeat(300).concat("end"),
  "-".repeat(1_000),
  "&amp;".repeat(300),
];

/** Texts that keep a careless parser of Markdown or markup busy. */
const BUSY = [
  "[".repeat(1_200),
  "![".repeat(800),
  "(".repeat(1_000).concat(")".repeat(1_000)),
  "> ".repeat(600),
  "- ".repeat(500).concat("x"),
  "*a".repeat(700),
  "**".repeat(900).concat("x"),
  "_".repeat(1_500).concat("x"),
  "`".repeat(1_001).concat("x"),
  "<".repeat(1_500),
  "<a ".repeat(500),
  "<!--".repeat(400),
  "&#".repeat(700),
  "|".repeat(1_000).concat("\n|-|"),
  "[a](".repeat(400),
  "http://".repeat(250),
  "a@".repeat(600),
  "<b>".repeat(600),
  "x\\".repeat(800),
];

const WORDS = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "undefined",
  "null",
  "NaN",
  "true",
  "-1",
  "0x10",
  "1e309",
  "[object Object]",
  "' OR 1=1; DROP TABLE message; --",
  "\"; SELECT pg_sleep(9); --",
  "%' ESCAPE '!",
  "../../../../etc/passwd",
  "..\\..\\..\\boot.ini",
  "CON.txt",
  "file.txt%00.png",
  "-rf --help",
  "$(touch x)",
  "`touch x`",
  "; ls | cat",
  "=cmd|'/c calc'!A1",
  "@SUM(1+1)",
  "+1-1",
  "%s%n%p%d",
  "{0}{1}{}",
  "x\r\nSet-Cookie: attune_session=x",
  "x\r\n\r\n<script>1</script>",
  "(&(uid=*))",
  "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
  "(?:a+)+$",
  "\u0645\u0631\u062d\u0628\u0627 <b> שלום",
  "Ⅷ ① ﬃ ǆ ẞ İ ı",
  "\u00e9 e\u0301",
];

/** Text that deceives, hides, piles up, or is too large. */
export const CHARACTERS: readonly string[] = [
  ...crossed(MARKS, SPOTS, (mark, spot, turn) => spot.replaceAll("@", () => mark).replaceAll("%", () => deedOf(turn))),
  ...CONTROLS.map((control, turn) => `<img${control}src=x${control}onerror="${deedOf(turn)}">`),
  ...CONTROLS.map((control, turn) => `<${control}svg onload=${deedOf(turn)}>`),
  ...PILES,
  ...WIDE,
  ...BUSY,
  ...WORDS,
];
