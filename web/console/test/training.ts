/** What a trainer sees, from a pretended server: nouns for tests, and a morning's worth for looking at the pages. */
import { HttpResponse, http } from "msw";

import type {
  Comparison,
  Discovery,
  Evaluation,
  Findings,
  Intent,
  Proposal,
  Release,
  ReviewItem,
} from "../src/api/types";
import { ago } from "./fixtures";

const intent = (name: string, zh: string, en: string): Intent => ({
  name,
  languages: [
    { language: "zh", title: zh, examples: 42, tests: 8 },
    { language: "en", title: en, examples: 45, tests: 11 },
  ],
});

/** A few things that people want. */
export const INTENTS: Intent[] = [
  intent("query_yield", "查询收益", "Check my returns"),
  intent("track_order", "查询物流", "Track my order"),
  intent("shipping_fee", "运费", "Shipping costs"),
];

/** Something that was said and waits for a decision. */
export function reviewItem(change: Partial<ReviewItem> = {}): ReviewItem {
  return {
    id: 93,
    conversation_id: 9,
    seq: 2,
    text: "海外能寄吗",
    language: "zh",
    reason: "uncertain",
    predicted: "shipping_fee",
    probability: 0.42,
    release_id: 71,
    suggested: null,
    seen: 1,
    usefulness: 58,
    state: "open",
    decided_intent: null,
    decided_by: null,
    decided_at: null,
    first_seen_at: ago(40),
    last_seen_at: ago(12),
    ...change,
  };
}

/** A release that is trained and was never in use. */
export function release(change: Partial<Release> = {}): Release {
  return {
    id: 71,
    number: 4,
    state: "candidate",
    progress: 100,
    step: "writing",
    epoch: null,
    epochs: null,
    time_left_s: null,
    data_hash: "9f2c",
    metrics: {
      intents: 3,
      examples: 261,
      held_out_accuracy: 0.93,
      held_out_coverage: 0.9,
      calibration_error: 0.02,
      tests: [
        { language: "zh", tests: 24, accuracy: 0.958, macro_f1: 0.95, coverage: 0.92 },
        { language: "en", tests: 33, accuracy: 0.97, macro_f1: 0.96, coverage: 0.94 },
      ],
    },
    error: null,
    created_by: 101,
    created_at: ago(90),
    released_at: null,
    ...change,
  };
}

/** An intent that might be worth having. */
export function proposal(change: Partial<Proposal> = {}): Proposal {
  const texts = [
    "怎么取消订单",
    "订单能取消吗",
    "我要取消刚下的单",
    "取消订单在哪里操作",
    "不想要了怎么取消",
  ];
  return {
    name: "cancel_order",
    title: "取消订单",
    keywords: ["取消", "订单"],
    conversations: 148,
    share: 0.124,
    cohesion: 0.72,
    contact_messages: 1.8,
    expected: 0.078,
    known_as: null,
    samples: texts.map((text) => ({ conversation_id: null, seq: null, text })),
    ...change,
  };
}

/** What a discovery found. */
export const FINDINGS: Findings = {
  days: 90,
  found_at: ago(30),
  conversations: 1_194,
  without_question: 61,
  unlike_others: 207,
  is_cut: false,
  first_share: 0.223,
  first_expected: 0.131,
  intents: [
    proposal(),
    proposal({
      name: "parcel_where",
      title: "包裹到哪了",
      conversations: 118,
      share: 0.099,
      expected: 0.053,
      contact_messages: 2.4,
      known_as: "track_order",
      samples: ["包裹到哪了", "快递几天没动了", "my parcel has not moved for days"].map(
        (text, at) => ({
          conversation_id: 9,
          seq: at + 1,
          text,
        }),
      ),
    }),
    proposal({
      name: "invoice",
      title: "invoice for a company",
      conversations: 43,
      share: 0.036,
      expected: 0.012,
      contact_messages: 4.1,
      samples: [
        "can i get an invoice for my company",
        "需要一张增值税专用发票，抬头和税号我发给你",
      ].map((text) => ({ conversation_id: 9, seq: 2, text })),
    }),
  ],
};

/** A discovery that has ended well. */
export function discovery(change: Partial<Discovery> = {}): Discovery {
  return {
    id: 12,
    state: "done",
    days: 90,
    error: null,
    started_by: 101,
    started_at: ago(31),
    ended_at: ago(30),
    findings: FINDINGS,
    ...change,
  };
}

const REVIEWS = [
  reviewItem({ id: 90, reason: "corrected", text: "金条能送到国外吗", suggested: "shipping_fee" }),
  reviewItem({ id: 91, reason: "badly_rated", text: "到底什么时候到账", predicted: "track_order" }),
  reviewItem({ id: 92, reason: "handed_off", text: "my nest egg wobbled", language: "en" }),
  reviewItem({ seen: 6 }),
  reviewItem({ id: 94, text: "？？？", predicted: "", probability: 0.04 }),
];

const RELEASES = [
  release({ id: 74, number: 7, state: "training", step: "learning", progress: 10, metrics: null }),
  release({ id: 73, number: 6 }),
  release({
    id: 72,
    number: 5,
    state: "failed",
    metrics: null,
    error: "intents/refund.en.yml:4: an example is empty: remove it or fill it",
  }),
  release({ state: "released", released_at: ago(60) }),
  release({ id: 70, number: 3, state: "retired", released_at: ago(9_000) }),
];

const EVALUATION: Evaluation = {
  language: "zh",
  tests: 24,
  accuracy: 0.958,
  top3: 1,
  macro_f1: 0.95,
  coverage: 0.92,
  answer_threshold: 0.61,
  calibration_error: 0.024,
  intents: INTENTS.map(({ name }) => ({
    intent: name,
    tests: 8,
    precision: 0.9,
    recall: 1,
    f1: 0.95,
  })),
  confusions: [
    { expected: "shipping_fee", found: "track_order", count: 3 },
    { expected: "track_order", found: "shipping_fee", count: 1 },
  ],
};

const COMPARISON: Comparison = {
  tests: 57,
  both_right: 48,
  only_first: 7,
  only_second: 0,
  p_value: 0.016,
  differences: [
    {
      language: "zh",
      text: "寄到香港多少钱",
      expected: "shipping_fee",
      first: "shipping_fee",
      second: "track_order",
    },
  ],
};

const MISS = {
  language: "zh",
  text: "包裹另外收钱吗",
  expected: "shipping_fee",
  found: "track_order",
  probability: 0.55,
};

const url = (path: string) => `*/api/v1/nlu/${path}`;
const page = (items: object[]) => HttpResponse.json({ items, next: null });

/** The answers of a desk whose bot has much to learn. */
export const trainingHandlers = [
  http.get(url("intents"), () => page(INTENTS)),
  http.get(url("reviews/counts"), () => HttpResponse.json({ open: REVIEWS.length })),
  http.get(url("reviews"), () => page(REVIEWS)),
  http.get(url("examples"), () =>
    page([
      { id: 1, intent: "shipping_fee", language: "zh", text: "寄到国外要多少运费" },
      { id: 2, intent: "query_yield", language: "en", text: "did I earn anything this week" },
    ]),
  ),
  http.get(url("discover"), () => HttpResponse.json({ discovery: discovery() })),
  http.get(url("releases"), () => page(RELEASES)),
  http.get(url("releases/:id/evaluation"), () => HttpResponse.json({ languages: [EVALUATION] })),
  http.get(url("releases/:id/misses"), () => page([MISS])),
  http.post(url("compare"), () => HttpResponse.json(COMPARISON)),
  http.get(url("trial"), () =>
    HttpResponse.json({
      trial: {
        id: 1,
        release_id: 73,
        kind: "gray",
        share: 10,
        started_by: 101,
        started_at: ago(300),
        turns: 412,
        differed: 9,
        answered: 38,
        answered_handoffs: 2,
        other_handoffs: 31,
      },
    }),
  ),
  http.get(url("trial/differences"), () =>
    page([
      {
        id: 1,
        conversation_id: 9,
        seq: 3,
        text: "海外能寄吗",
        language: "zh",
        released_intent: "track_order",
        released_probability: 0.48,
        tried_intent: "shipping_fee",
        tried_probability: 0.83,
        created_at: ago(20),
      },
    ]),
  ),
  http.post(url("parse"), () =>
    HttpResponse.json({
      release_id: 71,
      language: "zh",
      intents: [
        { intent: "shipping_fee", probability: 0.83 },
        { intent: "track_order", probability: 0.11 },
      ],
      emotions: [
        { emotion: "anxiety", strength: 0.6 },
        { emotion: "urgency", strength: 0.6 },
      ],
      sentiment: { sentiment: "negative", probability: 0.91 },
      entities: [
        {
          kind: "product",
          text: "毯子",
          start: 6,
          end: 8,
          value: { type: "entry", value: "羊毛蚕丝毯", spelling: "exact" },
          role: null,
        },
      ],
      explanation: [
        { text: "海外", start: 0, end: 2, weight: 4.2 },
        { text: "寄", start: 3, end: 4, weight: 1.9 },
      ],
    }),
  ),
];

/** The answers of a desk whose bot has learned nothing yet. */
export const emptyTrainingHandlers = [
  http.get(url("reviews/counts"), () => HttpResponse.json({ open: 0 })),
  http.get(url("trial"), () => HttpResponse.json({ trial: null })),
  http.get(url("discover"), () => HttpResponse.json({ discovery: null })),
  http.get(url("*"), () => page([])),
];
