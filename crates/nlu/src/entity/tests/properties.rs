//! What holds for every text, and for every number.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::table::now;
use crate::entity::{Config, Entry, Gazetteer, Kind, Pattern, Recogniser, Value};

/// A recogniser with everything in it that can find something.
static RECOGNISER: LazyLock<Recogniser> = LazyLock::new(|| {
    let entry = |value: &str, synonyms: &[&str]| Entry {
        value: value.to_owned(),
        synonyms: synonyms.iter().map(|synonym| (*synonym).to_owned()).collect(),
    };
    let gazetteer = Gazetteer {
        name: "product".to_owned(),
        entries: vec![
            entry("稳健增利理财", &["稳增利", "steady income fund", "三天宝"]),
            entry("Boston", &["波士顿", "ΒΟΣΤΩΝ", "İstanbul"]),
        ],
        fuzzy: true,
    };
    let pattern = Pattern {
        name: "model".to_owned(),
        pattern: r"[A-Z]{2}\d{2,4}|知.".to_owned(),
        whole_words: false,
    };
    let config =
        Config { gazetteers: vec![gazetteer], patterns: vec![pattern], ..Config::default() };
    Recogniser::new(&config).expect("the configuration is right")
});

/// Pieces of which texts are made that are hard to read.
fn hard_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(vec![
            "一", "二", "两", "三", "十", "百", "千", "万", "亿", "零", "〇", "半", "几", "多", "点", "分", "块",
            "毛", "元", "年", "月", "日", "号", "天", "周", "个", "小时", "分钟", "下", "上", "这", "后", "前", "差",
            "过", "刻", "第", "百分之", "下午", "明天", "月底", "星期", "twenty", "one", "a", "and", "half", "an hour",
            "hundred", "million", "point", "past", "to", "next", "last", "week", "may", "of", "the", "at", "in", "ago",
            "days", "pm", "st", "3", "15", "30", "2026", "13812345678", "999999999999999999999999", ":", "-", "/", ".",
            ",", "，", "+", "(", ")", " ", "  ", "%", "$", "￥", "@", "a@b.co", "http://", "www.a.cn", "x", "稳", "健",
            "稳健增力理财", "stedy income fund", "㈠", "ﬁ", "İ", "\u{200b}", "１", "Ａ", "😀", "e\u{301}", "ab12", "到", "至", "季度", "最近", "万亿", "100000000000000000000", "分之", "上旬", "至少",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn findings_lie_in_the_text_on_characters_in_order_and_apart(text in hard_text()) {
        let findings = RECOGNISER.find(&text, &now());

        let mut end = 0;
        for finding in &findings {
            prop_assert!(finding.span.start >= end && finding.span.end > finding.span.start);
            prop_assert_eq!(text.get(finding.span.clone()), Some(finding.surface.as_str()));
            end = finding.span.end;
        }
    }

    #[test]
    fn the_same_text_gives_the_same_findings(text in hard_text()) {
        prop_assert_eq!(RECOGNISER.find(&text, &now()), RECOGNISER.find(&text, &now()));
    }

    #[test]
    fn a_finding_survives_the_way_through_json(text in hard_text()) {
        for finding in RECOGNISER.find(&text, &now()) {
            let json = serde_json::to_string(&finding).unwrap();
            let back: crate::entity::Finding = serde_json::from_str(&json).unwrap();

            prop_assert_eq!(serde_json::to_string(&back).unwrap(), json);
        }
    }

    #[test]
    fn any_text_is_answered_at_any_moment(text in "\\PC{0,60}", seconds in -300_000_000_000i64..250_000_000_000) {
        let now = jiff::Timestamp::from_second(seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC);

        let anything = RECOGNISER.find(&text, &now);
        let extremes = RECOGNISER.find("明年下个月底 大后天晚上12点 9999年后 in 9999 years 9999 weeks ago last week 5号 Feb 29", &now);

        prop_assert!(anything.len() <= text.len() && !extremes.is_empty());
    }

    #[test]
    fn a_chinese_number_is_read_as_it_was_written(number in prop_oneof![0u64..100_000, 0u64..10_000_000_000_000]) {
        let words = in_chinese(number);

        prop_assert_eq!(number_in(&format!("{words}个")), Some(number.to_string()), "{}", words);
    }

    #[test]
    fn an_english_number_is_read_as_it_was_written(number in prop_oneof![0u64..100_000, 0u64..10_000_000_000_000]) {
        let words = in_english(number);

        prop_assert_eq!(number_in(&words), Some(number.to_string()), "{}", words);
        let hyphenless = words.replace('-', " ").replace(" and ", " ");
        prop_assert_eq!(number_in(&hyphenless), Some(number.to_string()), "{}", hyphenless);
    }

    #[test]
    fn digits_are_read_exactly(whole in 0u64..1_000_000_000_000, cents in 0u32..100) {
        let grouped = in_groups(whole);
        let expected = rust_decimal::Decimal::new(whole as i64 * 100 + i64::from(cents), 2).normalize();

        for text in [format!("￥{grouped}.{cents:02}"), format!("{whole}.{cents:02}元"), format!("${grouped}.{cents:02}")] {
            let findings = RECOGNISER.find(&text, &now());
            let [finding] = findings.as_slice() else { panic!("{text}: {findings:?}") };
            let Value::Money { amount, .. } = &finding.value else { panic!("{text}: {finding:?}") };
            prop_assert_eq!(*amount, expected);
            prop_assert_eq!(amount.to_string(), expected.to_string());
        }
    }
}

/// Returns the only number that is found, if it is the whole text but for a measure word.
fn number_in(text: &str) -> Option<String> {
    let findings = RECOGNISER.find(text, &now());
    let [finding] = findings.as_slice() else { return None };
    let whole = finding.surface == text || format!("{}个", finding.surface) == text;
    match &finding.value {
        Value::Number { value } if whole && finding.kind == Kind::Number => Some(value.to_string()),
        _ => None,
    }
}

/// Writes a number in Chinese.
fn in_chinese(number: u64) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if number == 0 {
        return "零".to_owned();
    }
    let mut words = String::new();
    let mut rest = number;
    let mut owes_zero = false;
    for (size, name) in [(1_0000_0000_0000, "万亿"), (1_0000_0000, "亿"), (1_0000, "万"), (1, "")]
    {
        let group = rest / size;
        rest %= size;
        if group == 0 {
            owes_zero = !words.is_empty();
            continue;
        }
        if !words.is_empty() && (owes_zero || group < 1_000) {
            words.push_str(DIGITS[0]);
        }
        owes_zero = false;
        let mut below = group;
        let mut zero = false;
        let begun = words.len();
        for (unit, unit_name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = below / unit;
            below %= unit;
            if digit == 0 {
                zero = words.len() > begun;
                continue;
            }
            if zero {
                words.push_str(DIGITS[0]);
                zero = false;
            }
            // Ten to nineteen begin without a digit.
            if !(unit == 10 && digit == 1 && words.is_empty()) {
                words.push_str(DIGITS[digit as usize]);
            }
            words.push_str(unit_name);
        }
        // Above 亿 the name is one, whatever stands below.
        words.push_str(if name == "万亿" && rest >= 1_0000_0000 { "万" } else { name });
    }
    words
}

/// Writes a number in English.
fn in_english(number: u64) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    for (size, name) in [
        (1_000_000_000_000, "trillion"),
        (1_000_000_000, "billion"),
        (1_000_000, "million"),
        (1_000, "thousand"),
    ] {
        if number >= size {
            let rest = number % size;
            let high = in_english(number / size);
            let joint = if rest > 0 && rest < 100 { " and " } else { " " };
            let low = if rest > 0 { format!("{joint}{}", in_english(rest)) } else { String::new() };
            return format!("{high} {name}{low}");
        }
    }
    if number >= 100 {
        let rest = number % 100;
        let low = if rest > 0 { format!(" and {}", in_english(rest)) } else { String::new() };
        return format!("{} hundred{low}", SMALL[(number / 100) as usize]);
    }
    if number >= 20 {
        let low = if number.is_multiple_of(10) {
            String::new()
        } else {
            format!("-{}", SMALL[(number % 10) as usize])
        };
        return format!("{}{low}", TENS[(number / 10) as usize]);
    }
    SMALL[number as usize].to_owned()
}

fn in_groups(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
