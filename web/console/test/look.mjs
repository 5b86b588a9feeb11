/**
 * Takes a picture of every screen, for eyes to judge.
 *
 * `npm run build && node test/look.mjs [folder] [filter]` serves the built
 * console under a strict content security policy with the pretended server of
 * `demo.ts` behind it, and fails when a page breaks the policy, logs an error,
 * is wider than its window or breaks WCAG 2.2 AA as far as axe can tell.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { getResponse } from "msw";
import { chromium } from "playwright-core";
import { runnerImport } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2] ?? here("../dist/look");
const filter = process.argv[3] ?? "";
const TYPES = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify default";
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="#e8eef2"/><rect x="40" y="40" width="300" height="26" fill="#b9c7d1"/><g fill="#cfd9e0"><rect x="40" y="100" width="560" height="16"/><rect x="40" y="136" width="500" height="16"/><rect x="40" y="172" width="530" height="16"/></g></svg>';

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { module: demo } = await runnerImport(here("./demo.ts"));
const { module: fixtures } = await runnerImport(here("./fixtures.ts"));
let handlers = demo.demoHandlers;

const server = createServer(async (request, answer) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  if (url.pathname.startsWith("/api/")) {
    const reply = await getResponse(handlers, new Request(url, { method: request.method }));
    answer.writeHead(reply?.status ?? 404, {
      "content-type": reply?.headers.get("content-type") ?? "",
    });
    return answer.end(reply ? await reply.text() : "");
  }
  if (url.pathname.startsWith("/files/")) {
    answer.writeHead(200, { "content-type": TYPES.svg });
    return answer.end(PICTURE);
  }
  const asset = /^\/console\/((?:assets\/)?[\w.-]+\.(js|css|svg))$/.exec(url.pathname);
  answer.writeHead(200, {
    "content-type": TYPES[asset?.[2] ?? "html"],
    "content-security-policy": POLICY,
  });
  answer.end(readFileSync(here(`../dist/${asset?.[1] ?? "index.html"}`)));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}/console`;

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
/** name, path, what to do before the picture */
const SCREENS = [
  ["login", "/login"],
  [
    "login-wrong",
    "/login",
    async (page) => {
      await page.locator("input[type=email]").fill("ada@example.com");
      await page.locator("input[type=password]").fill("wrong password");
      await page.locator("button[type=submit]").click();
      await page.locator("[role=alert]").waitFor();
    },
  ],
  [
    "login-link",
    "/login#token=abc",
    async (page) => {
      await page.getByRole("alert").first().waitFor();
      if (page.url().includes("abc")) throw new Error("the token is still in the address");
    },
  ],
  ["list", "/conversations"],
  ["thread", "/conversations/9"],
  [
    "thread-top",
    "/conversations/9",
    (page) => page.locator("article").first().scrollIntoViewIfNeeded(),
  ],
  [
    "refused",
    "/conversations/9",
    async (page) => {
      await page.locator("textarea").fill("正在为您核对，请稍等");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("alert").first().waitFor();
    },
  ],
  ["panel", "/conversations/9?panel=true"],
  ["bot", "/conversations/15?status=bot"],
  ["resolved", "/conversations/16?status=resolved"],
  ["missing", "/conversations/77"],
  ["assign-menu", "/conversations/9", (page) => page.locator("main header button").first().click()],
  ["snooze-menu", "/conversations/9", (page) => page.locator("main header button").nth(2).click()],
  ["transfer", "/conversations/9", (page) => page.locator("main header button").nth(1).click()],
  ["canned", "/conversations/9", (page) => page.locator("textarea").fill("/")],
  ["note", "/conversations/9", (page) => page.getByRole("tab").nth(1).click()],
  ["help", "/conversations", (page) => page.keyboard.press("?")],
  ["search", "/search?q=%E5%9F%BA%E9%87%91"],
  ["search-start", "/search"],
  ["training-reviews", "/training/reviews", (page) => page.keyboard.press("j")],
  ["training-correct", "/training/reviews", (page) => page.keyboard.press("c")],
  ["training-queue", "/training/reviews"],
  ["training-discovery", "/training/discovery"],
  [
    "training-discovery-list",
    "/training/discovery",
    (page) => page.locator("[data-proposal]").nth(1).scrollIntoViewIfNeeded(),
  ],
  [
    "training-discover",
    "/training/discovery",
    async (page) => {
      await page.locator("main header button").first().click();
      await page.getByRole("radio").last().check();
    },
  ],
  [
    "training-adopt",
    "/training/discovery",
    (page) => page.locator("[data-proposal] button").first().click(),
  ],
  [
    "training-adopt-known",
    "/training/discovery",
    (page) => page.locator("[data-proposal] button").nth(1).click(),
  ],
  ["training-examples", "/training/examples"],
  ["training-releases", "/training/releases"],
  ["training-release", "/training/releases/73"],
  ["training-failed", "/training/releases/72"],
  ["training-missing", "/training/releases/1"],
  [
    "training-confusion",
    "/training/releases/73?language=zh&expected=shipping_fee&found=track_order",
  ],
  [
    "training-playground",
    "/training/playground",
    async (page) => {
      await page.locator("textarea").fill("海外能寄吗");
      await page.keyboard.press("Enter");
      await page.locator("mark").first().waitFor();
    },
  ],
  ...[
    "",
    "profile",
    "sessions",
    "tokens",
    "agents",
    "teams",
    "inboxes",
    "tags",
    "canned-responses",
    "account",
    "webhooks",
    "webhooks/1",
    "jobs",
  ].map((name) => [`settings-${name.replace("/", "-") || "list"}`, `/settings/${name}`]),
  ...["tokens", "agents", "teams", "inboxes", "tags", "canned-responses", "webhooks"].map(
    (name) => [
      `settings-${name}-add`,
      `/settings/${name}`,
      async (page) => {
        await page.locator("main header button").last().click();
        await page.locator("[role=dialog]").waitFor();
      },
    ],
  ),
  [
    "inbox-setup",
    "/settings/inboxes",
    async (page) => {
      await page.locator("main li button").first().click();
      await page.locator("[role=dialog]").waitFor();
    },
  ],
];

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const complaints = [];
for (const state of ["full", "empty"]) {
  handlers = state === "full" ? demo.demoHandlers : demo.emptyHandlers;
  for (const language of ["zh", "en"])
    for (const theme of ["light", "dark"])
      for (const [size, viewport] of Object.entries(SIZES)) {
        if (state === "empty" && (theme === "dark" || size === "phone")) continue;
        await look({ state, language, theme, size, viewport });
      }
}
await browser.close();
server.close();
for (const complaint of new Set(complaints)) process.stderr.write(`${complaint}\n`);
process.exit(complaints.length > 0 ? 1 : 0);

/** Asks axe what breaks WCAG 2.2 AA here. */
async function audit(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return found.violations;
}

async function look({ state, language, theme, size, viewport }) {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    locale: language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    hasTouch: size === "phone",
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(fixtures.NOW);
  await page.routeWebSocket("**/api/v1/live", (socket) =>
    socket.onMessage(() => socket.send(JSON.stringify({ type: "welcome", cursor: 1, agent: {} }))),
  );
  let name = "";
  page.on("console", (line) => {
    if (line.type() === "error" && !/status of 40[14]/.test(line.text()))
      complaints.push(`${name}: ${line.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`));
  for (const [screen, path, prepare] of SCREENS) {
    name = [screen, state, language, theme, size].join("-");
    if (!name.includes(filter)) continue;
    if (state === "empty" && prepare) continue;
    await page.goto(origin + path);
    await page.waitForLoadState("networkidle");
    try {
      await prepare?.(page);
    } catch (error) {
      complaints.push(`${name}: ${error.message.split("\n")[0]}`);
    }
    await page.waitForTimeout(250);
    for (const { id, nodes } of await audit(page))
      complaints.push(`${name}: ${id} at ${nodes.map((node) => node.target).join(", ")}`);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    if (wide) complaints.push(`${name}: wider than the window`);
    await page.screenshot({ path: `${folder}/${name}.png` });
  }
  await context.close();
}
