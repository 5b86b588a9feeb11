import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { connect, created, message, openTab, scanned, type Tab } from "../test/parts.ts";
import { App } from "./App.tsx";
import type { Files } from "./features/attachment/files.ts";

const files: Files = {
  upload: async (file) => ({
    id: 5,
    name: file.name,
    content_type: "text/plain",
    size: file.size,
    state: "clean" as const,
    width: null,
    height: null,
  }),
  localUrl: async () => "blob:test",
  forget: () => undefined,
};

let tab: Tab;
let root: HTMLElement;
let posted: string[];

beforeEach(async () => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  document.body.replaceChildren();
  root = document.body.appendChild(document.createElement("div"));
  tab = openTab();
  posted = [];
  const host = {
    embedded: true,
    post: ({ type }: { type: string }) => void posted.push(type),
    listen: () => () => undefined,
  };
  await act(() => {
    render(
      <App
        session={tab.session}
        files={files}
        host={host}
        now={() => new Date("2026-11-22T10:00:00Z")}
        opened={1}
      />,
      root,
    );
  });
  await act(() => connect(tab));
});

function field(): HTMLTextAreaElement {
  return root.querySelector('textarea[aria-label="输入消息"]') as HTMLTextAreaElement;
}
function button(name: string): HTMLButtonElement {
  const found = [...root.querySelectorAll("button")].find(
    (one) => (one.getAttribute("aria-label") ?? one.textContent) === name,
  );
  if (!found) throw new Error(`there is no button ${name}`);
  return found;
}
async function write(text: string) {
  await act(() => {
    field().value = text;
    field().dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}
async function press(key: string, part: KeyboardEventInit = {}) {
  await act(() => {
    field().dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...part }),
    );
  });
}
const sent = () =>
  tab.world.socket.sent.filter(({ type }) => type === "send").map(({ text }) => text);
const log = () => root.querySelector('[role="log"]')?.textContent ?? "";

describe("a file", () => {
  const file = (state: "scanning" | "clean" | "refused") => ({
    id: 5,
    name: "账单.pdf",
    content_type: "application/pdf",
    size: 2_048,
    state,
    width: null,
    height: null,
  });
  const one = (state: "scanning" | "clean" | "refused") =>
    message(1, { text: "请看附件", attachments: [file(state)] });

  test("that is being scanned is named and opens once it is clean", async () => {
    await act(() => tab.world.socket.deliver(created(one("scanning"))));
    expect(log()).toContain("账单.pdf安全检查中…");
    expect(() => button("下载 账单.pdf")).toThrow();

    await act(() => tab.world.socket.deliver(scanned(one("clean"))));

    expect(log()).not.toContain("安全检查中");
    expect(button("下载 账单.pdf")).toBeTruthy();
  });

  test("that was refused says so in the message that brought it", async () => {
    await act(() => tab.world.socket.deliver(created(one("scanning"))));

    await act(() => tab.world.socket.deliver(scanned(one("refused"))));

    expect(log()).toContain("请看附件");
    expect(log()).toContain("账单.pdf文件未通过安全检查");
    expect(() => button("下载 账单.pdf")).toThrow();
  });

  test("of a picture keeps the room that the picture will take", async () => {
    const picture = { ...file("scanning"), content_type: "image/png", width: 480, height: 240 };
    await act(() => tab.world.socket.deliver(created(message(1, { attachments: [picture] }))));

    const held = root.querySelector<HTMLElement>(".held.picture");

    expect(held?.style.width).toBe("240px");
    expect(held?.style.aspectRatio).toBe("480 / 240");
  });

  test("of a picture that did not arrive is asked for again", async () => {
    vi.spyOn(files, "localUrl").mockRejectedValueOnce(new Error("connection lost"));
    const picture = { ...file("clean"), content_type: "image/png" };
    await act(() => tab.world.socket.deliver(created(message(1, { attachments: [picture] }))));
    await vi.waitFor(() => expect(log()).toContain("图片暂时无法显示"));

    await act(() => button("重试").click());

    await vi.waitFor(() => expect(root.querySelector("img")?.src).toBe("blob:test"));
    expect(log()).not.toContain("图片暂时无法显示");
  });
});

describe("the composer", () => {
  test("has the focus when the chat is opened", () => {
    expect(document.activeElement).toBe(field());
  });

  test("sends on Enter and starts anew", async () => {
    await write("  你好 ");
    await press("Enter");

    expect(sent()).toEqual(["你好"]);
    expect(field().value).toBe("");
    expect(log()).toContain("发送中");
  });

  test.each([
    ["Shift and Enter begin a line", { shiftKey: true }],
    ["an input method is choosing a word", { isComposing: true }],
    ["an input method is choosing a word, in Safari", { keyCode: 229 }],
  ])("does not send when %s", async (_, part) => {
    await write("ni hao");
    await press("Enter", part);

    expect(sent()).toEqual([]);
    expect(field().value).toBe("ni hao");
  });

  test("sends nothing empty", async () => {
    await write("   ");
    await press("Enter");

    expect(sent()).toEqual([]);
    expect(button("发送").disabled).toBe(true);
  });

  test("counts towards the limit and holds back what is beyond", async () => {
    await write("知".repeat(3_700));
    expect(root.textContent).toContain("还可输入 300 字");

    await write("😀".repeat(4_001));
    expect(root.textContent).toContain("超出 1 字");
    await press("Enter");

    expect(sent()).toEqual([]);
  });

  test("tells that the visitor writes", async () => {
    await write("你");

    expect(tab.world.socket.sent.at(-1)).toEqual({ type: "typing" });
  });
});

describe("the thread", () => {
  test("greets and offers starters, which are sent with their value", async () => {
    expect(log()).toContain("您好");

    await act(() => button("查询收益").click());

    expect(tab.world.socket.sent.at(-1)).toMatchObject({
      text: "查询收益",
      quick_reply: "query_yield",
    });
    expect(() => button("查询收益")).toThrow();
  });

  test("is announced politely", () => {
    const place = root.querySelector('[role="log"]');

    expect(place?.getAttribute("aria-live")).toBe("polite");
    expect(place?.getAttribute("aria-label")).toBe("对话内容");
  });

  test("draws the visitor's own words as they are, and others' as harmless Markdown", async () => {
    const hostile = "<img src=x onerror=alert(1)> **x**";
    const mine = message(1, { text: hostile, sender: { kind: "contact", id: 1, name: null } });

    await act(() => {
      tab.world.socket.deliver(created(mine));
      tab.world.socket.deliver(created(message(2, { text: hostile })));
    });

    expect(root.querySelector(".mine .bubble")?.textContent).toBe(hostile);
    expect(root.querySelector(".theirs .rich strong")?.textContent).toBe("x");
    expect(root.querySelector("img")).toBeNull();
  });

  test("takes marks that reorder out of names", async () => {
    const agent = { kind: "agent", id: 7, name: "Ada\u202egpj" } as const;

    await act(() => tab.world.socket.deliver(created(message(1, { sender: agent }))));

    expect(root.querySelector(".theirs:last-child .name")?.textContent).toBe("Adagpj");
  });

  test("offers to send again what was refused", async () => {
    await write("你好");
    await press("Enter");
    await act(() =>
      tab.world.socket.deliver({
        type: "problem",
        client_id: "client-1",
        problem: { status: 422, title: "x", detail: "太长" },
      }),
    );
    expect(log()).toContain("未发送成功：太长");

    await act(() => button("重新发送").click());

    expect(sent()).toEqual(["你好", "你好"]);
  });
});

test("a resolved conversation asks for a rating, once", async () => {
  await act(() => {
    tab.world.socket.deliver(created(message(1)));
    const resolved = message(2, { kind: "activity", activity: "resolved", text: "本次对话已结束" });
    tab.world.socket.deliver(created(resolved, { status: "resolved" }));
  });
  const faces = [...root.querySelectorAll<HTMLInputElement>('[role="radiogroup"] input')];
  expect(faces.map((face) => face.getAttribute("aria-label"))).toEqual([
    "非常不满意",
    "不满意",
    "一般",
    "满意",
    "非常满意",
  ]);

  await act(() => faces[4]?.click());
  await act(() => {
    const comment = root.querySelector(".rating textarea") as HTMLTextAreaElement;
    comment.value = "很好";
    comment.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await act(() => button("提交").click());

  expect(tab.world.socket.sent.at(-1)).toMatchObject({ type: "rate", score: 5, comment: "很好" });
  expect(root.querySelector('[role="radiogroup"]')).toBeNull();
  expect(root.textContent).toContain("谢谢您的评价");
});

test("the language is switched in place", async () => {
  await act(() => button("切换语言: English").click());

  expect(document.documentElement.lang).toBe("en");
  expect(root.querySelector("textarea")?.placeholder).toBe("Type your question…");
});

test("the chat is put away by its button", async () => {
  await act(() => button("收起对话窗口").click());

  expect(posted).toEqual(["close"]);
});

test("a missing connection is told, and words wait for it", async () => {
  await act(() => tab.world.setOnline(false));
  await write("你好");
  await press("Enter");

  expect(root.textContent).toContain("网络已断开");
  expect(log()).toContain("联网后自动发送");
});
