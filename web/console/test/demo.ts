/**
 * A pretended server with a busy morning in it, for looking at the console
 * without a real one. It answers what the screens ask; it keeps no rules.
 */
import { HttpResponse, http } from "msw";

import type { Conversation, Message } from "../src/api/types";
import { ADA, ago, conversation, me, message } from "./fixtures";
import { emptyTrainingHandlers, trainingHandlers } from "./training";

const BOT = { kind: "bot", id: null, name: "小知" } as const;
const GRACE = { id: 102, name: "陈思远" };
const INBOXES = [
  { id: 1, name: "官网客服" },
  { id: 2, name: "Shop" },
];
const TAGS = [
  { id: 1, name: "基金", color: "#0b6e5b" },
  { id: 2, name: "投诉", color: "#b8321f" },
  { id: 3, name: "VIP", color: "#c47a06" },
  { id: 4, name: "退款", color: "#3d5fc4" },
];
const tag = (...ids: number[]) => TAGS.filter(({ id }) => ids.includes(id));
const mine = { id: ADA.id, name: ADA.name };

const CONVERSATIONS: Conversation[] = [
  conversation({
    id: 9,
    contact: { id: 501, name: "林小雨", verified: true },
    priority: "urgent",
    assignee: mine,
    tags: tag(1, 3),
    intent: "query_yield",
    handoff: {
      reason: "asked",
      summary:
        "客户询问「稳健增利」基金近三个月的收益，机器人给出了 2.86%；客户认为与账单不符，要求人工核对。",
      at: ago(12),
    },
    last_seq: 9,
    last_message: { text: "账单截图我发给你了，你帮我看看", sender_kind: "contact", at: ago(3) },
    waiting_since: ago(3),
    created_at: ago(26),
    revision: 12,
  }),
  conversation({
    id: 10,
    contact: { id: 502, name: "王建国", verified: false },
    priority: "high",
    tags: tag(2),
    last_seq: 6,
    last_message: {
      text: "等了二十分钟了！到底有没有人管？金条到现在还没有发货",
      sender_kind: "contact",
      at: ago(2),
    },
    mood: { emotion: "anger", strength: 0.84 },
    handoff: { reason: "angry", summary: "客户催促金条订单发货，情绪激动。", at: ago(21) },
    waiting_since: ago(21),
  }),
  conversation({
    id: 11,
    inbox: { id: 2, name: "Shop" },
    contact: { id: 503, name: "Olivia Bennett", verified: true },
    assignee: GRACE,
    language: "en",
    last_seq: 4,
    last_message: {
      text: "I have sent you the return label, it should arrive within the hour.",
      sender_kind: "agent",
      at: ago(8),
    },
    waiting_since: null,
    tags: tag(4),
  }),
  conversation({
    id: 12,
    contact: { id: 504, name: null, verified: false },
    last_message: { text: "在吗", sender_kind: "contact", at: ago(1) },
    waiting_since: ago(1),
  }),
  conversation({
    id: 13,
    contact: { id: 505, name: "欧阳静怡", verified: true },
    assignee: mine,
    priority: "medium",
    last_message: { text: "好的，谢谢你！", sender_kind: "contact", at: ago(34) },
    waiting_since: ago(4),
    tags: tag(1),
  }),
  conversation({
    id: 14,
    inbox: { id: 2, name: "Shop" },
    contact: { id: 506, name: "Benjamin-Alexander von Hohenfels-Schwarzenberg", verified: false },
    language: "en",
    last_message: {
      text: "Does the Longjing spring tea come in a gift box? I need it before Friday.",
      sender_kind: "contact",
      at: ago(6),
    },
    waiting_since: ago(6),
  }),
  conversation({
    id: 15,
    contact: { id: 507, name: "赵磊", verified: false },
    status: "bot",
    last_message: { text: "您可以在「我的持仓」中查看。", sender_kind: "bot", at: ago(0) },
    waiting_since: null,
  }),
  conversation({
    id: 16,
    contact: { id: 508, name: "孙晓梅", verified: true },
    status: "resolved",
    assignee: mine,
    last_message: { text: "问题解决了，非常感谢", sender_kind: "contact", at: ago(240) },
    waiting_since: null,
    resolved_at: ago(230),
    rating: { score: 5, comment: "回复很快，讲得也清楚。" },
  }),
  conversation({
    id: 17,
    contact: { id: 509, name: "周文博", verified: false },
    status: "snoozed",
    assignee: mine,
    snoozed_until: ago(-900),
    last_message: { text: "我明天上午给您回电。", sender_kind: "agent", at: ago(60) },
    waiting_since: null,
  }),
  ...Array.from({ length: 14 }, (_, n) =>
    conversation({
      id: 30 + n,
      contact: {
        id: 600 + n,
        name: ["刘洋", "Mia Lee", "黄芳", "Noah Kim"][n % 4] ?? "",
        verified: n % 2 === 0,
      },
      assignee: n % 3 === 0 ? GRACE : null,
      last_message: {
        text:
          ["请问手续费是多少？", "Where is my order?", "怎么修改预留手机号", "Thanks!"][n % 4] ??
          "",
        sender_kind: n % 3 === 0 ? "agent" : "contact",
        at: ago(40 + n * 7),
      },
      waiting_since: n % 3 === 0 ? null : ago(40 + n * 7),
    }),
  ),
];

const LIN = { kind: "contact", id: 501, name: "林小雨" } as const;
const ADA_SAYS = { kind: "agent", id: ADA.id, name: ADA.name } as const;

const THREAD: Message[] = [
  message({ id: 1, seq: 1, sender: LIN, text: "我想查询基金的收益情况", created_at: ago(26) }),
  message({
    id: 2,
    seq: 2,
    sender: BOT,
    text: "您想查询哪一只基金？可以告诉我**基金名称**或代码，也可以从下面选择：",
    quick_replies: [
      { title: "稳健增利", value: "fund_a" },
      { title: "知明成长", value: "fund_b" },
      { title: "人工服务", value: "person" },
    ],
    created_at: ago(26),
  }),
  message({ id: 3, seq: 3, sender: LIN, text: "稳健增利", created_at: ago(25) }),
  message({
    id: 4,
    seq: 4,
    sender: BOT,
    text: "「稳健增利」近期收益：\n\n| 期间 | 收益率 |\n|---|---|\n| 近一个月 | 0.94% |\n| 近三个月 | 2.86% |\n| 今年以来 | 7.12% |\n\n数据截至昨日，详见[产品页](https://example.com/fund-a)。",
    created_at: ago(25),
  }),
  message({
    id: 5,
    seq: 5,
    sender: LIN,
    text: "不对啊，我账单上写的是 2.31%\n转人工",
    created_at: ago(13),
  }),
  message({
    id: 6,
    seq: 6,
    kind: "activity",
    activity: "handed_off",
    sender: { kind: "system", id: null, name: null },
    text: "正在为您转接人工客服",
    created_at: ago(12),
  }),
  message({
    id: 7,
    seq: 7,
    sender: ADA_SAYS,
    text: "林女士您好，我是 Ada。我来帮您核对，请问账单日期是哪一天？",
    created_at: ago(10),
  }),
  message({
    id: 8,
    seq: null,
    kind: "note",
    sender: ADA_SAYS,
    text: "差额可能是**申购费**。已请清算组确认，@陈思远 麻烦留意。",
    created_at: ago(9),
  }),
  message({ id: 9, seq: 8, sender: ADA_SAYS, text: "", retracted: true, created_at: ago(8) }),
  message({
    id: 10,
    seq: 9,
    sender: LIN,
    text: "账单截图我发给你了，你帮我看看",
    attachments: [
      {
        id: 71,
        name: "账单-2026年11月.png",
        content_type: "image/png",
        size: 184_320,
        state: "clean",
        width: 640,
        height: 360,
      },
      {
        id: 72,
        name: "交易明细.pdf",
        content_type: "application/pdf",
        size: 1_482_000,
        state: "clean",
        width: null,
        height: null,
      },
    ],
    created_at: ago(3),
  }),
];

const AGENTS = [
  ADA,
  {
    ...ADA,
    id: 102,
    name: "陈思远",
    email: "siyuan@example.com",
    role: "supervisor" as const,
    availability: "away" as const,
  },
  {
    ...ADA,
    id: 103,
    name: "Grace Hopper",
    email: "grace@example.com",
    role: "agent" as const,
    availability: "offline" as const,
  },
  {
    ...ADA,
    id: 104,
    name: "李明",
    email: "ming@example.com",
    role: "trainer" as const,
    status: "deactivated" as const,
  },
];

const page = <T>(items: T[], next: string | null = null) => HttpResponse.json({ items, next });
const url = (path: string) => `*/api/v1/${path}`;

const NOT_FOUND = () =>
  HttpResponse.json(
    {
      type: "/problems/not-found",
      title: "Not found",
      status: 404,
      detail: "there is no such conversation",
    },
    { status: 404 },
  );

/** Answers as a server without anything in it. */
export const emptyHandlers = [
  http.get(url("auth/me"), () => HttpResponse.json(me())),
  http.get(url("account"), () => HttpResponse.json(me().account)),
  http.get(url("conversations/counts"), () =>
    HttpResponse.json({ mine: 0, unassigned: 0, bot: 0, open: 0, snoozed: 0, resolved: 0 }),
  ),
  http.get(url("conversations/:id"), () => NOT_FOUND()),
  ...emptyTrainingHandlers,
  http.get(url("*"), () => page([])),
];

/** Answers as a server on a busy morning. */
export const demoHandlers = [
  ...trainingHandlers,
  http.get(url("auth/me"), () => HttpResponse.json(me())),
  http.get(url("account"), () => HttpResponse.json(me().account)),
  http.get(url("conversations/counts"), () =>
    HttpResponse.json({
      mine: 2,
      unassigned: 12,
      bot: 31,
      open: 20,
      snoozed: 1,
      resolved: 284,
    }),
  ),
  http.get(url("conversations"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const assignee = query.get("assignee");
    const items = CONVERSATIONS.filter(
      (each) =>
        each.status === query.get("status") &&
        (assignee !== "me" || each.assignee?.id === ADA.id) &&
        (assignee !== "none" || !each.assignee) &&
        (!query.get("inbox") || String(each.inbox.id) === query.get("inbox")),
    );
    return page(items);
  }),
  http.get(url("conversations/:id/messages"), ({ params }) =>
    page(
      params.id === "9"
        ? THREAD
        : [message({ id: 2000, conversation_id: Number(params.id), created_at: ago(21) })],
    ),
  ),
  http.get(url("conversations/:id"), ({ params }) => {
    const found = CONVERSATIONS.find(({ id }) => String(id) === params.id);
    return found ? HttpResponse.json(found) : NOT_FOUND();
  }),
  http.get(url("contacts/:id/conversations"), () => page(CONVERSATIONS.slice(6, 9))),
  http.get(url("contacts/:id"), ({ params }) => {
    const known = CONVERSATIONS.find(({ contact }) => String(contact.id) === params.id)?.contact;
    return HttpResponse.json({
      id: Number(params.id),
      name: known?.name ?? null,
      verified: known?.verified ?? false,
      email: known?.verified ? "lin.xiaoyu@example.com" : null,
      phone: known?.verified ? "138 0013 8000" : null,
      language: "zh",
      created_at: ago(9_000),
    });
  }),
  http.get(url("agents"), () => page(AGENTS)),
  http.get(url("teams"), () =>
    page([
      { id: 1, name: "理财顾问", agents: [mine, GRACE], created_at: ago(9_000) },
      { id: 2, name: "Shop support", agents: [], created_at: ago(9_000) },
    ]),
  ),
  http.get(url("tags"), () => page(TAGS)),
  http.get(url("inboxes"), () =>
    page(
      INBOXES.map(({ id, name }) => ({
        id,
        name,
        key: "in_7YkqVb3mC0zQ2hT9",
        channel: "web",
        language: id === 1 ? "zh" : "en",
        greeting: "您好，我是小知，请问有什么可以帮您？",
        allowed_origins:
          id === 1 ? ["https://www.zhiming.example", "https://*.zhiming.example"] : [],
        enforce_identity: id === 1,
        identity_public_key: "",
        bot: true,
        hours: { time_zone: "Asia/Shanghai", week: [], holidays: [] },
        created_at: ago(9_000),
      })),
    ),
  ),
  http.get(url("canned-responses"), () =>
    page([
      {
        id: 1,
        short_code: "您好",
        language: "zh",
        text: "{{contact.name}}您好，我是{{agent.name}}，很高兴为您服务。",
      },
      { id: 2, short_code: "核对", language: "zh", text: "我需要核对一下您的信息，请稍等两分钟。" },
      {
        id: 3,
        short_code: "thanks",
        language: "en",
        text: "Thank you for your patience, {{contact.name}}.",
      },
    ]),
  ),
  http.post(url("canned-responses/:id/render"), () =>
    HttpResponse.json({ text: "林小雨您好，我是Ada，很高兴为您服务。" }),
  ),
  http.get(url("webhooks/:id/deliveries"), () =>
    page(
      (["delivered", "waiting", "dead", "delivered"] as const).map((state, n) => ({
        id: 900 - n,
        cursor: 41_208 - n * 3,
        event: [
          "message.created",
          "conversation.handed_off",
          "conversation.resolved",
          "note.created",
        ][n],
        state,
        attempts: state === "delivered" ? 1 : 6,
        status_code: state === "delivered" ? 200 : 503,
        error: state === "dead" ? "the receiver answered 503 for 24 hours" : null,
        duration_ms: 84 + n * 31,
        next_at: null,
        created_at: ago(n * 17),
      })),
    ),
  ),
  http.get(url("webhooks"), () =>
    page([
      {
        id: 1,
        url: "https://crm.zhiming.example/hooks/attune",
        events: ["message.created", "conversation.handed_off", "conversation.resolved"],
        enabled: true,
        created_at: ago(9_000),
      },
      {
        id: 2,
        url: "https://data.zhiming.example/v2/customer-service/events/incoming",
        events: [],
        enabled: false,
        created_at: ago(9_000),
      },
    ]),
  ),
  http.get(url("jobs"), () =>
    page([
      {
        id: 5,
        kind: "deliver-webhook",
        state: "dead",
        attempts: 12,
        last_error: "connection refused",
        run_at: ago(60),
        created_at: ago(1_500),
      },
    ]),
  ),
  http.get(url("tokens"), () =>
    page([
      { id: 1, name: "CRM 同步", created_at: ago(50_000), last_used_at: ago(2), expires_at: null },
      {
        id: 2,
        name: "Nightly export",
        created_at: ago(40_000),
        last_used_at: null,
        expires_at: null,
      },
    ]),
  ),
  http.get(url("auth/sessions"), () =>
    page([
      {
        id: 1,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0 Safari/537.36",
        ip: "203.0.113.8",
        created_at: ago(300),
        last_seen_at: ago(0),
        expires_at: ago(-9_000),
        current: true,
      },
      {
        id: 2,
        user_agent:
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
        ip: "198.51.100.23",
        created_at: ago(3_000),
        last_seen_at: ago(800),
        expires_at: ago(-9_000),
        current: false,
      },
    ]),
  ),
  http.get(url("search"), () =>
    page(
      THREAD.filter(({ text }) => text.includes("基金") || text.includes("账单")).map((found) => ({
        message: found,
        conversation: CONVERSATIONS[0],
      })),
    ),
  ),
  http.get(url("attachments/:id"), () => HttpResponse.json({ url: "/files/bill.svg" })),
  http.post(url("auth/login-link"), () =>
    HttpResponse.json(
      {
        type: "/problems/dead-link",
        title: "Unauthorized",
        status: 401,
        detail: "the link was used already or is too old; ask for a new one",
        code: "dead-link",
        errors: [],
      },
      { status: 401 },
    ),
  ),
  http.post(url("auth/login"), () =>
    HttpResponse.json(
      {
        type: "/problems/bad-credentials",
        title: "Not allowed",
        status: 401,
        detail: "e-mail or password is wrong",
      },
      { status: 401 },
    ),
  ),
];
