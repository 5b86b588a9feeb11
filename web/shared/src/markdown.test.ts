// @vitest-environment jsdom
import { describe, expect, test } from "vitest";

import { renderMarkdown, safeHref } from "./markdown.ts";

function html(source: string): string {
  const box = document.createElement("div");
  box.append(renderMarkdown(source));
  return box.innerHTML.trim();
}

function nodes(source: string): HTMLElement {
  const box = document.createElement("div");
  box.append(renderMarkdown(source));
  return box;
}

describe("what people write", () => {
  test("is drawn with its emphasis, lists and code", () => {
    expect(html("**收益** 与 *风险*\n\n- 一\n- 二\n\n`code`")).toBe(
      "<p><strong>收益</strong> 与 <em>风险</em></p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n<p><code>code</code></p>",
    );
  });

  test("keeps its line breaks", () => {
    expect(html("one\ntwo")).toBe("<p>one<br>two</p>");
  });

  test("has headings that do not compete with the page's", () => {
    expect(html("# Title")).toBe("<p><strong>Title</strong></p>");
  });

  test("has addresses that end where Chinese text begins", () => {
    const anchors = nodes("见https://example.com/a?b=1，谢谢。").querySelectorAll("a");

    expect([...anchors].map((a) => [a.getAttribute("href"), a.textContent])).toEqual([
      ["https://example.com/a?b=1", "https://example.com/a?b=1"],
    ]);
  });

  test("opens links elsewhere and tells them nothing", () => {
    const anchor = nodes("[site](https://example.com/)").querySelector("a");

    expect(anchor?.target).toBe("_blank");
    expect(anchor?.rel).toBe("noopener noreferrer nofollow ugc");
  });
});

describe("what attackers write", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=https://evil.example></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form action=https://evil.example><button>x</button></form>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "![x](https://evil.example/pixel.gif)",
    '![x" onerror="alert(1)](https://evil.example/pixel.gif)',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0a;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.com/1)",
    "[x](\u0001javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<img src=x onerror=alert(1)>`",
    "```html\n<img src=x onerror=alert(1)>\n```",
    "<details open ontoggle=alert(1)>",
    '[a](https://ok.example "><img src=x onerror=alert(1)>")',
    "<x onclick=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  ])("runs nothing and fetches nothing: %j", (source) => {
    const box = nodes(source);

    const tags = [...box.querySelectorAll("*")].map((element) => element.localName);
    expect(
      tags.filter(
        (tag) =>
          !"p br strong em del code pre a ul ol li table thead tbody tr th td blockquote hr"
            .split(" ")
            .includes(tag),
      ),
    ).toEqual([]);
    for (const element of box.querySelectorAll("*")) {
      const names = element
        .getAttributeNames()
        .filter((name) => !["href", "title", "target", "rel"].includes(name));
      expect(names).toEqual([]);
    }
    for (const anchor of box.querySelectorAll("a")) {
      expect(["http:", "https:", "mailto:", "tel:"]).toContain(anchor.protocol);
    }
  });

  test("cannot show one address and lead to another", () => {
    expect(nodes("[https://bank.example](https://evil.example/)").textContent).toContain(
      "(evil.example)",
    );
    expect(nodes("[bank.example/login](https://bank.example.evil.example/)").textContent).toContain(
      "(bank.example.evil.example)",
    );
  });

  test("cannot imitate a host with letters of another script", () => {
    expect(nodes("[аррӏе.com](https://аррӏе.com/)").textContent).toContain("(xn--");
  });

  test("is cut before it can keep the page busy", () => {
    expect(nodes("*a".repeat(1_000_000)).textContent?.length).toBeLessThan(20_001);
  });
});

test.each([
  ["https://example.com", "https://example.com/"],
  ["mailto:a@example.com", "mailto:a@example.com"],
  ["tel:+861012345678", "tel:+861012345678"],
  ["https://user:pass@example.com", undefined],
  ["/relative", undefined],
  ["//example.com", undefined],
  ["ftp://example.com", undefined],
  ["", undefined],
])("the address %j is followed as %j", (href, safe) => {
  expect(safeHref(href)).toBe(safe);
});
