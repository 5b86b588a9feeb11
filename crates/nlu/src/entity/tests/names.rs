//! Gazetteers and patterns, and what is wrong with some of them.

use super::{find_with, lines};
use crate::entity::value::Spelling;
use crate::entity::{Config, Entry, Gazetteer, Kind, Pattern, Recogniser, Value};

fn entry(value: &str, synonyms: &[&str]) -> Entry {
    Entry {
        value: value.to_owned(),
        synonyms: synonyms.iter().map(|synonym| (*synonym).to_owned()).collect(),
    }
}

fn list(name: &str, entries: Vec<Entry>) -> Gazetteer {
    Gazetteer { name: name.to_owned(), entries, fuzzy: true }
}

fn cities() -> Config {
    let cities = list(
        "city",
        vec![
            entry("Beijing", &["北京", "北京市", "peking"]),
            entry("Shanghai", &["上海", "上海市"]),
            entry("Boston", &["波士顿"]),
            entry("New York", &["纽约", "new york city", "nyc"]),
            entry("Saint Petersburg", &["圣彼得堡"]),
        ],
    );
    let accounts =
        list("account", vec![entry("七天通知存款", &[]), entry("current account", &["活期存款"])]);
    Config { gazetteers: vec![cities, accounts], ..Config::default() }
}

/// Returns the values and spellings that are found in a text.
fn names_in(config: &Config, text: &str) -> Vec<(String, Spelling)> {
    let values = find_with(config, text).into_iter().filter_map(|found| match found.value {
        Value::Entry { value, spelling } => Some((value, spelling)),
        _ => None,
    });
    values.collect()
}

#[test]
fn names_are_found_by_every_synonym_in_both_languages() {
    for (text, city) in [
        ("我在北京市", "Beijing"),
        ("PEKING duck", "Beijing"),
        ("ｎｙｃ office", "New York"),
        ("去紐約吗", "New York"),
    ] {
        let found = names_in(&cities(), text);

        assert_eq!(found, [(city.to_owned(), Spelling::Exact)], "{text}");
    }
}

#[test]
fn the_longest_name_wins() {
    let found = find_with(&cities(), "flights to New York City today");

    assert_eq!(found[0].surface, "New York City");
    assert_eq!(found[0].kind, Kind::from("city"));
}

#[test]
fn a_chinese_name_ends_where_it_is_written_right() {
    for text in ["把七天通知存款取出来", "我要七天通知存款吗"] {
        let found = find_with(&cities(), text);

        assert_eq!(found[0].surface, "七天通知存款", "{text}");
    }
}

#[test]
fn a_name_with_a_number_in_it_is_no_length_of_time() {
    let found = find_with(&cities(), "七天通知存款怎么开");

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, Kind::from("account"));
}

#[test]
fn a_part_of_a_latin_word_is_not_the_name() {
    assert!(names_in(&cities(), "nycx bostonian xboston").is_empty());
}

#[test]
fn misspelt_latin_names_are_found() {
    for (text, city) in [
        ("fly to Bostn", "Boston"),
        ("fly to Botson please", "Boston"),
        ("a trip to saint petesburgh", "Saint Petersburg"),
        ("shangahi hotel", "Shanghai"),
        ("newyork", "New York"),
    ] {
        let found = names_in(&cities(), text);

        assert_eq!(found, [(city.to_owned(), Spelling::Typo)], "{text}");
    }
}

#[test]
fn chinese_names_are_found_by_their_sound() {
    for (text, value) in [
        ("圣彼得宝的酒店", "Saint Petersburg"),
        ("办七天通之存款", "七天通知存款"),
        ("活期存宽怎么取", "current account"),
    ] {
        let found = names_in(&cities(), text);

        assert_eq!(found, [(value.to_owned(), Spelling::Homophone)], "{text}");
    }
}

#[test]
fn one_wrong_character_is_allowed_in_a_long_chinese_name_only() {
    let found = names_in(&cities(), "我要七天通告存款");

    assert_eq!(found, [("七天通知存款".to_owned(), Spelling::Typo)]);
    assert!(names_in(&cities(), "定期存款").is_empty());
    assert!(names_in(&cities(), "南京和上饶").is_empty());
}

#[test]
fn other_digits_are_no_misspelling() {
    let phones = list("phone_model", vec![entry("Galaxy S24 Ultra", &[])]);
    let config = Config { gazetteers: vec![phones], ..Config::default() };

    assert!(names_in(&config, "galaxy s23 ultra").is_empty());
    assert_eq!(names_in(&config, "galxy s24 ultra").len(), 1);
}

#[test]
fn a_gazetteer_may_ask_for_exact_names() {
    let mut config = cities();
    config.gazetteers.iter_mut().for_each(|list| list.fuzzy = false);

    assert!(names_in(&config, "fly to Bostn or 圣彼得宝").is_empty());
}

#[test]
fn a_pattern_finds_with_its_groups_whatever_the_case_and_width() {
    let flight = Pattern {
        name: "flight".to_owned(),
        pattern: r"(?P<line>[A-Z]{2})(?P<number>\d{3,4})".to_owned(),
        whole_words: true,
    };
    let config = Config { patterns: vec![flight], ..Config::default() };

    let found = find_with(&config, "航班ｃａ１２３４几点到，XCA12345不算");

    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].surface, "ｃａ１２３４");
    let Value::Pattern { groups, .. } = &found[0].value else { panic!("{found:?}") };
    assert_eq!(groups["line"], "ca");
    assert_eq!(groups["number"], "1234");
}

#[test]
fn an_own_form_of_order_numbers_replaces_the_usual_ones() {
    let config = Config { order_number: Some(r"T(\d{4})".to_owned()), ..Config::default() };

    assert_eq!(lines(&find_with(&config, "T1234")), ["order_number 1234 = 1234"]);
    assert!(!lines(&find_with(&config, "订单号20261122000123")).join("").contains("order_number"));
}

#[test]
fn a_wrong_pattern_is_refused_by_name_and_place() {
    let refused = |pattern: &str| {
        let pattern =
            Pattern { name: "policy".to_owned(), pattern: pattern.to_owned(), whole_words: true };
        let config = Config { patterns: vec![pattern], ..Config::default() };
        Recogniser::new(&config).expect_err("it is wrong").to_string()
    };

    assert!(
        refused("ab(c").starts_with("pattern `policy`, line 1, column 3: "),
        "{}",
        refused("ab(c")
    );
    assert!(refused("a*").contains("matches an empty text"));
    assert!(refused("(\\w{1000}){1000}").contains("too large"));
    assert!(refused(&"a".repeat(3_000)).contains("too large"));
}

#[test]
fn a_wrong_name_or_entry_is_refused_with_its_place() {
    let refused = |config: &Config| Recogniser::new(config).expect_err("it is wrong").to_string();
    let of_list = |list| Config { gazetteers: vec![list], ..Config::default() };

    assert!(refused(&of_list(list("money", vec![]))).contains("a built-in kind has it"));
    assert!(refused(&of_list(list(" ", vec![]))).contains("give one"));
    let empty = of_list(list("city", vec![entry("a", &[]), entry("b", &["\u{200b}"])]));
    assert!(refused(&empty).starts_with("gazetteer `city`, entry 2: "), "{}", refused(&empty));
    let long = of_list(list("city", vec![entry(&"长".repeat(101), &[])]));
    assert!(refused(&long).contains("at most 100 characters"));
    let kinds = Config { kinds: vec![Kind::from("colour")], ..Config::default() };
    assert!(refused(&kinds).contains("no built-in kind"));
}

#[test]
fn a_configuration_is_plain_data_with_defaults() {
    let config: Config = serde_json::from_str(
        r#"{"kinds": ["money", "date"], "gazetteers": [{"name": "city", "entries": [{"value": "北京"}]}]}"#,
    )
    .unwrap();

    assert_eq!(
        lines(&find_with(&config, "明天 3 个，去北京市")),
        ["date 明天 = 2026-11-23", "city 北京 = 北京 [to]"]
    );
    assert!(serde_json::from_str::<Config>(r#"{"kind": []}"#).is_err());
}
