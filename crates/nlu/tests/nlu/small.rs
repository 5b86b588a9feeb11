//! A small training set in two languages.

use nlu::{Example, Model, TrainOptions, TrainingSet};

const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "refund",
        &[
            "我要退款",
            "怎么申请退款",
            "退款什么时候到账",
            "钱还没退给我",
            "退货退款怎么弄",
            "帮我退一下钱",
            "退款进度",
            "i want a refund",
            "how do i get my money back",
            "where is my refund",
            "refund please",
            "money back",
        ],
    ),
    (
        "delivery",
        &[
            "快递到哪了",
            "什么时候发货",
            "物流信息",
            "包裹还没收到",
            "我的快递呢",
            "几天能送到",
            "查一下物流",
            "where is my parcel",
            "when will my order arrive",
            "track my package",
            "delivery time",
            "has it shipped",
        ],
    ),
    (
        "greeting",
        &[
            "你好",
            "您好",
            "在吗",
            "早上好",
            "哈喽",
            "有人吗",
            "嗨",
            "hello",
            "hi there",
            "good morning",
            "hey",
            "hi",
        ],
    ),
    (
        "yield",
        &[
            "查询基金收益",
            "昨天赚了多少",
            "收益率是多少",
            "年化多少",
            "看看收益",
            "收益怎么样",
            "我的基金涨了吗",
            "what is my return",
            "show my earnings",
            "how much did i earn",
            "annual yield",
            "fund performance",
        ],
    ),
];

pub(crate) fn training_set() -> TrainingSet {
    let examples = EXAMPLES
        .iter()
        .flat_map(|(intent, texts)| texts.iter().map(|text| Example::new(*intent, *text)));
    TrainingSet::new(examples.collect())
}

pub(crate) fn model() -> Model {
    Model::train(&training_set(), &TrainOptions::default()).unwrap()
}
