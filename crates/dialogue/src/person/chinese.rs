//! The wish in a Chinese clause.

use super::{Wish, each, is_one};
use crate::text::trim;

/// How many characters a clause has at most to count as short.
const CLAUSE_CHARS_MAX: usize = 18;

/// What follows "人工" where it does not mean a person: AI, wages, manual review, a lake …
const COMPOUNDS: &str =
    "智能 作 资 费 成本 湖 降雨 草坪 养殖 合成 程 具 厂 审核 核实 审批 录入 操作 呼吸";
/// What turns the wish into its opposite, standing before it.
const REFUSALS: &str = "不要 不用 不需要 不想 不必 不需 无需 无须 毋须 不找 不转 不接 不愿意 不喜欢 不打算 \
    不希望 没必要 别 甭 勿 拒绝 没要 没说要 没有要 没让";
/// What turns it into its opposite, standing after it.
const REFUSALS_AFTER: &str = "不用 不需要 不要 不必 免了 算了 没必要 不了";
/// Words between a refusal, or a verb, and the person.
const BETWEEN: &str = "给我 帮我 替我 让我 转接 接入 联系 需要 去找 一下 一个 一位 一名 你们的 你们 贵司 \
    在线 真正的 真的 任何 什么 再 转 找 接 叫 要 用 想 和 跟 与 同 对 到 给 去 来 个 位 \
    名 的 真 换 请 派 上";
/// Verbs that ask for the person that follows.
const VERBS: &str =
    "要的是 转 接 找 叫 要 给我 帮我 换 想 联系 呼叫 来 请 派 求 需要 有没有 有 进 打给";
/// Words that ask when they stand before "and" the person and a verb of speech: "想和真人聊".
const WISHES: &str = "想 要 让 能 可以 给我 帮 请";
const SPEECH: &str = "说 聊 讲 谈 沟通 对话 交流";
/// What makes the clause a complaint that no person comes: "怎么还不转人工".
const WHY: &str = "怎么 为什么 为啥 为何 凭什么 干嘛 咋 难道";
/// What the clause is about when it follows the person.
const TOPICS: &str = "电话 热线 号码 时间 几点 上班 下班 邮箱 微信 在哪 是谁 什么时候 多久 要钱 收费 \
    服务时间 工作时间 的电话 的时间 的号码 处理 态度";
const POLITE_BEFORE: &str = "请 麻烦 你好 您好 快 那 那就 直接 还是 please pls";
const POLITE_AFTER: &str =
    "谢谢 吧 啊 呀 呢 吗 么 嘛 服务 在吗 可以吗 行吗 好吗 一下 快点 快 please pls";

pub(super) fn wish(before: &str, word: &str, after: &str) -> Wish {
    let verb = leading_verbs(word);
    let before: &str = &format!("{}{}", before.trim_end(), &word[..verb]);
    let (word, after) = (&word[verb..], after.trim_start());
    if word.ends_with("人工") && each(COMPOUNDS).any(|tail| after.starts_with(tail)) {
        return Wish::None;
    }
    if is_refused(before, after) {
        return Wish::Refused;
    }
    if is_polite(POLITE_BEFORE, before) && is_polite(POLITE_AFTER, after) {
        return Wish::Clear;
    }
    if each(TOPICS).any(|topic| after.starts_with(topic)) {
        return Wish::Mentioned;
    }
    let chars = [before, word, after].iter().map(|part| part.chars().count()).sum::<usize>();
    if (follows_verb(before) || wants_to_talk(before, after)) && chars <= CLAUSE_CHARS_MAX {
        return Wish::Clear;
    }
    Wish::Mentioned
}

/// Measures the verbs that a person word begins with: "转接" in "转接人工".
fn leading_verbs(word: &str) -> usize {
    let mut rest = word;
    while let Some(shorter) = each(VERBS).find_map(|verb| rest.strip_prefix(verb)) {
        rest = shorter;
    }
    if rest.is_empty() { 0 } else { word.len() - rest.len() }
}

fn is_polite(list: &str, around: &str) -> bool {
    let around = trim(around);
    around.is_empty() || is_one(list, around)
}

fn is_refused(before: &str, after: &str) -> bool {
    if each(WHY).any(|why| before.contains(why)) {
        return false;
    }
    let tail = after.trim_start_matches([
        '就', '先', '也', '都', '倒', '了', '我', '们', '暂', '时', '现', '在',
    ]);
    let dismissed = each(REFUSALS_AFTER).any(|word| {
        tail.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(['了', '啦', '吧', '哦', '哈', '谢', '的'])
        })
    });
    dismissed || (refuses(before) && !after.contains('就'))
}

/// Looks for a refusal before the person, with nothing but small words between.
fn refuses(before: &str) -> bool {
    let mut rest = before;
    loop {
        if let Some(head) = each(REFUSALS).find_map(|word| rest.strip_suffix(word)) {
            return !is_a_question(head, rest) && !is_impatient(head, rest);
        }
        match each(BETWEEN).find_map(|word| rest.strip_suffix(word)) {
            Some(shorter) => rest = shorter.trim_end(),
            None => return false,
        }
    }
}

/// Recognises "要不要", "能不能": the character before 不 comes again after it.
fn is_a_question(head: &str, with_refusal: &str) -> bool {
    let mut refusal = with_refusal[head.len()..].chars();
    refusal.next() == Some('不') && refusal.next() == head.chars().last()
}

/// Recognises "还不转人工": impatience, not refusal.
fn is_impatient(head: &str, with_refusal: &str) -> bool {
    let refusal = &with_refusal[head.len()..];
    head.ends_with('还') && matches!(refusal, "不转" | "不接" | "不找")
}

fn follows_verb(before: &str) -> bool {
    let mut rest = before;
    loop {
        if each(VERBS).any(|verb| rest.ends_with(verb)) {
            return true;
        }
        match each(BETWEEN).find_map(|word| rest.strip_suffix(word)) {
            Some(shorter) => rest = shorter.trim_end(),
            None => return false,
        }
    }
}

/// Recognises "我想和真人聊聊"; "你和真人有什么区别" and "和人工说过了" ask for nobody.
fn wants_to_talk(before: &str, after: &str) -> bool {
    let before = before.trim_end_matches(['个', '位', '真', '的', '一']);
    before.strip_suffix(['和', '跟', '与']).is_some_and(|head| {
        each(WISHES).any(|wish| head.contains(wish))
            && each(SPEECH).any(|verb| after.starts_with(verb))
    })
}
