/** Past conversations from another system, made up from parts, as a table (CSV). */
import type { Locale } from "./words.ts";

/** How a table names its columns and its people, and what customers ask in it: forms, and what stands in them. */
interface Writing {
  head: string;
  customer: string;
  agent: string;
  hello: string;
  answer: string;
  topics: readonly { forms: readonly string[]; parts: readonly string[] }[];
}

const WRITINGS: Record<Locale, Writing> = {
  zh: {
    head: "会话,角色,内容",
    customer: "客户",
    agent: "客服",
    hello: "在吗",
    answer: "您好，马上为您查询。",
    topics: [
      {
        forms: ["会员卡{}怎么激活", "{}会员卡激活不了", "帮我激活{}会员卡", "{}会员卡在哪里激活"],
        parts: ["新办的", "朋友送的", "上周的", "电子", "实体"],
      },
      {
        forms: ["{}的伞能修吗", "想修一下{}的伞", "{}的伞坏了找谁修", "修{}的伞要等多久"],
        parts: ["断了骨", "漏雨", "打不开", "掉了柄", "去年买"],
      },
    ],
  },
  en: {
    head: "conversation,sender,text",
    customer: "customer",
    agent: "agent",
    hello: "hello",
    answer: "Let me look that up.",
    topics: [
      {
        forms: ["activate my {} club card", "how do i activate the {} club card", "my {} club card will not activate", "where do i activate a {} club card"],
        parts: ["new", "gifted", "plastic", "digital", "replacement"],
      },
      {
        forms: ["can you mend a {} umbrella", "my {} umbrella needs mending", "who mends a {} umbrella", "how long to mend the {} umbrella"],
        parts: ["torn", "bent", "leaking", "folding", "golf"],
      },
    ],
  },
};

/** What customers ask: two things, each in twenty ways. */
export function questions(locale: Locale): string[] {
  return WRITINGS[locale].topics.flatMap(({ forms, parts }) => forms.flatMap((form) => parts.map((part) => form.replace("{}", part))));
}

/** A table with a conversation for each of these questions. */
export function pastConversations(locale: Locale): string {
  const { head, customer, agent, hello, answer } = WRITINGS[locale];
  const lines = questions(locale).flatMap((question, at) => [
    `${at},${customer},${hello}`,
    `${at},${customer},${question}`,
    `${at},${agent},${answer}`,
  ]);
  return [head, ...lines].join("\n");
}

/** The same with a line in it that names no conversation. */
export function brokenConversations(locale: Locale): string {
  const [head, ...lines] = pastConversations(locale).split("\n");
  return [head, ",,?", ...lines].join("\n");
}
