//! What simulated visitors ask: everyday questions of the demo company's
//! customers, all of which its bot answers by itself.
//!
//! None asks for a person, complains or says nothing: a conversation that a
//! person has gets no answer from the bot, and its visitor would wait.

use super::random::Random;

/// A language's questions.
pub(super) struct Questions {
    /// The tag of the language on the wire.
    pub(super) locale: &'static str,
    /// The questions.
    pub(super) texts: &'static [&'static str],
}

/// The questions of both languages.
pub(super) const QUESTIONS: [Questions; 2] = [
    Questions {
        locale: "zh",
        texts: &[
            "我想查询基金的收益情况",
            "我的快递到哪里了",
            "怎么买理财产品",
            "最低多少钱起投",
            "怎么绑定银行卡",
            "我想解绑银行卡",
            "忘记登录密码了怎么办",
            "怎么换绑手机号",
            "我要退货，怎么操作",
            "商品可以换货吗",
            "退款什么时候到账",
            "可以开发票吗",
            "运费是多少",
            "积分怎么用",
            "优惠券在哪里领",
            "会员有什么权益",
            "怎么提现到银行卡",
            "怎么充值",
            "账户余额怎么查",
            "怎么赎回基金",
            "定投怎么设置",
            "产品的手续费是多少",
            "风险测评怎么做",
            "怎么查交易记录",
            "怎么取消订单",
            "怎么修改收货地址",
            "几点上班",
            "怎么实名认证",
            "怎么开户",
            "保修期是多久",
        ],
    },
    Questions {
        locale: "en",
        texts: &[
            "How is my fund doing, what is the yield",
            "Where is my parcel",
            "How do I buy a fund",
            "What is the minimum investment",
            "How do I link a bank card",
            "I want to remove my bank card",
            "I forgot my password",
            "How do I change my phone number",
            "I want to return an item",
            "Can I exchange this for another size",
            "When will I get my refund",
            "Can I get an invoice",
            "How much is shipping",
            "How can I use my points",
            "Where can I find coupons",
            "What are the benefits of membership",
            "How do I withdraw money to my bank",
            "How do I top up my account",
            "How do I check my balance",
            "How do I redeem my fund",
            "How do I set up a monthly savings plan",
            "What fees do you charge",
            "How do I take the risk assessment",
            "Where can I see my transaction history",
            "How do I cancel my order",
            "How do I change the delivery address",
            "What are your opening hours",
            "How do I verify my identity",
            "How do I open an account",
            "How long is the warranty",
        ],
    },
];

impl Questions {
    /// Chooses a language for one visitor: three of four write Chinese.
    pub(super) fn choose(random: &mut Random) -> &'static Questions {
        &QUESTIONS[usize::from(random.below(4) == 0)]
    }

    /// Chooses a question.
    pub(super) fn draw(&self, random: &mut Random) -> &'static str {
        self.texts[random.below(self.texts.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bot must answer each by itself, or a run would wait for answers that never come.
    #[tokio::test]
    async fn the_demo_bot_answers_every_question_alone() {
        let releases = tempfile::tempdir().unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/demo");
        let data = nlu::BotData::read_folder(folder.as_ref()).unwrap();
        let model = nlu::Model::train(&data.training_set(), &nlu::TrainOptions::default());
        model.unwrap().save(releases.path(), 0).unwrap();
        let (bot, _) = desk::Bot::open(folder.as_ref(), releases.path()).unwrap();

        let mut misunderstood = Vec::new();
        for question in QUESTIONS.iter().flat_map(|questions| questions.texts) {
            let understood = bot.model.understand(question).await;
            let (intent, probability) = understood.intents.first().cloned().unwrap_or_default();
            let hands_over =
                ["human_agent", "complaint", "other", "report_fraud"].contains(&intent.as_str());
            if hands_over
                || probability < bot.script.thresholds.answer
                || understood.emotions.anger > 0.3
            {
                misunderstood.push(format!(
                    "{question}: {intent} {probability} (anger {})",
                    understood.emotions.anger
                ));
            }
        }

        assert!(misunderstood.is_empty(), "{misunderstood:#?}");
    }
}
