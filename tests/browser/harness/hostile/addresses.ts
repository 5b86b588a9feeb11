/** Addresses that run or read instead of leading somewhere: schemes × disguises × what holds them. */
import { crossed, deedOf } from "./deeds.ts";

const SCHEMES: readonly ((deed: string) => string)[] = [
  (deed) => `javascript:${deed}`,
  (deed) => `vbscript:${deed}`,
  (deed) => `data:text/html,<script>${deed}</script>`,
  (deed) => `data:image/svg+xml,<svg onload=${deed} xmlns='http://www.w3.org/2000/svg'/>`,
];

/** Ways to write a scheme so that a simple look does not see it. */
const DISGUISES: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => address.replace(/^\w+/, (scheme) => [...scheme].map((c, i) => (i % 2 ? c.toUpperCase() : c)).join("")),
  (address) => ` \u00a0${address}`,
  (address) => `\u0001${address}`,
  (address) => `\u001f\u0008${address}`,
  (address) => `${address.slice(0, 4)}\t${address.slice(4)}`,
  (address) => `${address.slice(0, 4)}\n${address.slice(4)}`,
  (address) => `${address.slice(0, 4)}\u0000${address.slice(4)}`,
  (address) => `${address.slice(0, 4)}\u200b${address.slice(4)}`,
  (address) => `${address.slice(0, 2)}\u00ad${address.slice(2)}`,
  (address) => `\u202e${address}`,
  (address) => address.replace(/^./, (c) => `&#${c.charCodeAt(0)};`),
  (address) => address.replace(/^./, (c) => `&#x0000${c.charCodeAt(0).toString(16)}`),
  (address) => address.replace(":", "&colon;"),
  (address) => address.replace(/^(.{4})/, "$1&Tab;"),
  (address) => address.replace(/^(.{4})/, "$1&NewLine;"),
  (address) => address.replace(/^./, (c) => `%${c.charCodeAt(0).toString(16)}`),
  (address) => address.replace(":", "%3A"),
  (address) => address.replace(":", "\uff1a"),
  (address) => address.replace(":", "://ok.example/%0a"),
  (address) => `https:${address}`,
  (address) => `\\${address}`,
];

/** What holds an address; `@` stands for it. */
const HOLDERS = [
  "[x](@)",
  "[x](<@>)",
  '[x](@ "title")',
  "[x][r]\n\n[r]: @",
  "[@]: @\n\n[@]",
  "<@>",
  "![x](@)",
  "[![x](@)](@)",
  '<a href="@">x</a>',
  '<svg><a xlink:href="@"><text y="20">x</text></a></svg>',
  '<iframe src="@"></iframe>',
  '<form action="@"><button autofocus formaction="@">x</button></form>',
];

/** Only the first scheme comes in every disguise in every holder; the others take turns. */
const OTHERS = SCHEMES.slice(1);

/** Addresses without script that a link may not have either. */
const FORBIDDEN = [
  "file:///etc/passwd",
  "blob:http://ok.example/0f",
  "filesystem:http://ok.example/x",
  "view-source:http://ok.example",
  "about:blank",
  "chrome://settings",
  "intent://x#Intent;scheme=http;end",
  "ms-msdt:/id",
  "ws://stranger.invalid",
  "ftp://stranger.invalid/x",
  "//stranger.invalid/relative",
  "/\\stranger.invalid",
  "http:\\\\stranger.invalid",
  "http:stranger.invalid",
  "http://bank.example@stranger.invalid/",
  "http://bank.example%2f@stranger.invalid/",
  "http://stranger.invalid#@bank.example/",
  "http://bаnk.example/",
  "http://xn--bnk-6cd.example/",
  "http://ＳＴＲＡＮＧＥＲ.invalid/",
  "http://stranger。invalid/",
  "http://0x7f.1/",
  "http://2130706433/",
  "http://[::ffff:127.0.0.1]/",
  "http://localhost:1/",
];

/** Links, pictures and frames whose address would run or lead astray. */
export const ADDRESSED: readonly string[] = [
  ...crossed(HOLDERS, DISGUISES, (holder, disguise, turn) => {
    const address = disguise((SCHEMES[0] as (typeof SCHEMES)[number])(deedOf(turn)));
    return holder.replaceAll("@", () => address);
  }),
  ...crossed(HOLDERS, DISGUISES, (holder, disguise, turn) => {
    const scheme = OTHERS[turn % OTHERS.length] as (typeof SCHEMES)[number];
    return holder.replaceAll("@", () => disguise(scheme(deedOf(turn + 1))));
  }),
  ...crossed(HOLDERS.slice(0, 8), FORBIDDEN, (holder, address) => holder.replaceAll("@", () => address)),
];
