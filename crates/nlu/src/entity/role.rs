//! The roles of findings, from words directly before and after them: "from Boston to Paris", 转 500 给张三.
//!
//! A table of cues and no grammar: a role is given only where a cue touches a finding.

use serde::{Deserialize, Serialize};

use super::fold::{Folded, is_letter};
use super::found::Found;
use super::kind::Kind;

/// Holds words that give the findings beside them a role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleCue {
    /// The role; empty for words that only look like a cue, as 收到 ends in 到.
    pub role: String,
    /// Words before a finding.
    pub before: Vec<String>,
    /// Words after a finding.
    pub after: Vec<String>,
    /// The kinds that it applies to; all if there are none.
    pub kinds: Vec<Kind>,
}

/// The roles that are known without configuration: words before, words after, and whether only for amounts.
const BUILT_IN: &[(&str, &[&str], &[&str], bool)] = &[
    (
        "from",
        &[
            "从",
            "由",
            "自",
            "自从",
            "打从",
            "来自",
            "from",
            "since",
            "between",
            "starting",
            "leaving",
            "departing",
        ],
        &["出发", "起飞", "开始", "启程", "起"],
        false,
    ),
    (
        "to",
        &[
            "到",
            "至",
            "去",
            "往",
            "飞到",
            "飞去",
            "飞往",
            "前往",
            "开往",
            "寄到",
            "送到",
            "给",
            "转给",
            "汇给",
            "寄给",
            "发给",
            "打给",
            "改到",
            "推迟到",
            "延期到",
            "换成",
            "直到",
            "截至",
            "截止到",
            "to",
            "until",
            "through",
            "thru",
            "till",
            "into",
            "towards",
        ],
        &["为止", "之前", "以前", "前"],
        false,
    ),
    (
        "least",
        &[
            "至少",
            "最少",
            "不低于",
            "不少于",
            "超过",
            "大于",
            "高于",
            "多于",
            "at least",
            "more than",
            "over",
            "above",
            "no less than",
            "minimum of",
        ],
        &["以上", "起步", "及以上"],
        true,
    ),
    (
        "most",
        &[
            "至多",
            "最多",
            "不超过",
            "不高于",
            "不多于",
            "小于",
            "低于",
            "少于",
            "不到",
            "at most",
            "up to",
            "less than",
            "under",
            "below",
            "no more than",
            "within",
            "maximum of",
        ],
        &["以内", "之内", "以下", "内", "及以下"],
        true,
    ),
    (
        "",
        &[
            "收到",
            "迟到",
            "遇到",
            "看到",
            "找到",
            "得到",
            "等到",
            "拿到",
            "查到",
            "达到",
            "感到",
            "想到",
            "提到",
            "过去",
            "失去",
            "除去",
            "理由",
            "自由",
            "交给",
            "供给",
            "不到",
            "due to",
            "in addition to",
            "need to",
            "want to",
            "有关",
        ],
        &["前台", "前面", "内部", "内容", "内存", "以前的", "起来", "起诉", "起码"],
        false,
    ),
];
/// Words that may stand between a cue and its finding.
const BETWEEN: &[&str] = &["the", "a", "an", "my", "our", "his", "her"];

/// Finds the roles of findings.
#[derive(Debug)]
pub(super) struct Roles {
    before: Vec<Cue>,
    after: Vec<Cue>,
}

#[derive(Debug)]
struct Cue {
    word: String,
    role: String,
    kinds: Vec<Kind>,
}

impl Roles {
    /// Prepares the cues of a configuration, or the built-in ones.
    pub(super) fn new(cues: Option<&[RoleCue]>) -> Self {
        let built_in: Vec<RoleCue> = BUILT_IN.iter().map(built_in).collect();
        let cues = cues.unwrap_or(&built_in);
        let list = |words: fn(&RoleCue) -> &Vec<String>| {
            let mut list: Vec<Cue> = cues
                .iter()
                .flat_map(|cue| {
                    words(cue).iter().map(|word| Cue {
                        word: Folded::new(word).text().trim().to_owned(),
                        role: cue.role.clone(),
                        kinds: cue.kinds.clone(),
                    })
                })
                .filter(|cue| !cue.word.is_empty())
                .collect();
            // The longest cue decides.
            list.sort_by_key(|cue| usize::MAX - cue.word.len());
            list
        };
        Self { before: list(|cue| &cue.before), after: list(|cue| &cue.after) }
    }

    /// Returns the role of a finding in a folded text.
    pub(super) fn of(&self, found: &Found, text: &str) -> Option<String> {
        let before = without_article(text[..found.range.start].trim_end());
        let after = text[found.range.end..].trim_start();
        let fits = |cue: &&Cue| cue.kinds.is_empty() || cue.kinds.contains(&found.kind);
        let by_before =
            self.before.iter().filter(fits).find(|cue| ends_with_word(before, &cue.word));
        let by_after =
            || self.after.iter().filter(fits).find(|cue| starts_with_word(after, &cue.word));
        let role = match by_before {
            Some(cue) if !cue.role.is_empty() => &cue.role,
            _ => &by_after()?.role,
        };
        (!role.is_empty()).then(|| role.clone())
    }
}

fn built_in((role, before, after, amounts): &(&str, &[&str], &[&str], bool)) -> RoleCue {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let amounts_only =
        vec![Kind::Number, Kind::Percent, Kind::Money, Kind::Duration, Kind::Ordinal];
    RoleCue {
        role: (*role).to_owned(),
        before: owned(before),
        after: owned(after),
        kinds: if *amounts { amounts_only } else { Vec::new() },
    }
}

fn without_article(text: &str) -> &str {
    let article = BETWEEN.iter().find(|article| ends_with_word(text, article));
    article.map_or(text, |article| text[..text.len() - article.len()].trim_end())
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| {
        let inside = word.starts_with(is_letter) && rest.ends_with(is_letter);
        !inside
    })
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| {
        let inside = word.ends_with(is_letter) && rest.starts_with(is_letter);
        !inside
    })
}
