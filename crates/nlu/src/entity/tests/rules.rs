//! The rules of roles, of overlaps, of calendars and of cards.

use super::table::{brief, now};
use super::{find, find_with, lines};
use crate::entity::value::{IdProblem, Line};
use crate::entity::{Config, DateOrder, Entry, Gazetteer, Kind, Recogniser, RoleCue, Value};

fn with_cities() -> Config {
    let entry = |value: &str, synonym: &str| Entry {
        value: value.to_owned(),
        synonyms: vec![synonym.to_owned()],
    };
    let cities = Gazetteer {
        name: "place".to_owned(),
        entries: vec![entry("Boston", "北京"), entry("Paris", "上海"), entry("张三", "Zhang San")],
        fuzzy: true,
    };
    Config { gazetteers: vec![cities], ..Config::default() }
}

/// Returns the surfaces and roles of the findings of a text.
fn roles(text: &str) -> Vec<(String, Option<String>)> {
    let found = find_with(&with_cities(), text);
    found.into_iter().map(|found| (found.surface, found.role)).collect()
}

#[test]
fn words_beside_a_finding_give_it_a_role() {
    let some = |role: &str| Some(role.to_owned());
    let cases = [
        ("从北京到上海", vec![("北京", some("from")), ("上海", some("to"))]),
        ("a flight from Boston to Paris", vec![("Boston", some("from")), ("Paris", some("to"))]),
        ("转 500 给张三", vec![("500", None), ("张三", some("to"))]),
        ("周一到周五", vec![("周一", some("from")), ("周五", some("to"))]),
        ("1号-5号", vec![("1号", some("from")), ("5号", some("to"))]),
        ("1号～5号", vec![("1号", some("from")), ("5号", some("to"))]),
        ("between May 5 and May 9", vec![("May 5", some("from")), ("May 9", some("to"))]),
        ("北京出发", vec![("北京", some("from"))]),
        ("不超过500元", vec![("500元", some("most"))]),
        ("500元以上", vec![("500元", some("least"))]),
        ("at least 3 items", vec![("3", some("least"))]),
        ("三天内", vec![("三天", some("most"))]),
        ("收到500元", vec![("500元", None)]),
        ("迟到三天", vec![("三天", None)]),
        ("go to the Boston office", vec![("Boston", some("to"))]),
        ("into Paris", vec![("Paris", some("to"))]),
        ("the photo Paris", vec![("Paris", None)]),
    ];

    for (text, expected) in cases {
        let expected: Vec<_> =
            expected.into_iter().map(|(surface, role)| (surface.to_owned(), role)).collect();
        assert_eq!(roles(text), expected, "{text}");
    }
}

#[test]
fn a_configuration_may_bring_its_own_roles() {
    let cue = RoleCue {
        role: "refund".to_owned(),
        before: vec!["退".to_owned()],
        after: vec!["back".to_owned()],
        kinds: vec![Kind::Money],
    };
    let config = Config { roles: Some(vec![cue]), ..Config::default() };

    let roles =
        |text| find_with(&config, text).into_iter().map(|found| found.role).collect::<Vec<_>>();
    assert_eq!(roles("退100元"), [Some("refund".to_owned())]);
    assert_eq!(roles("$5 back"), [Some("refund".to_owned())]);
    assert_eq!(roles("退100个"), [None]);
    assert_eq!(roles("从100元"), [None]);
}

#[test]
fn only_the_kinds_that_are_asked_for_are_found() {
    let config = Config { kinds: vec![Kind::Number], ..Config::default() };

    assert_eq!(lines(&find_with(&config, "3天后付500元")), ["number 3 = 3", "number 500 = 500"]);
}

#[test]
fn a_slash_is_read_in_the_configured_order() {
    let config = Config { date_order: DateOrder::DayFirst, ..Config::default() };

    assert_eq!(lines(&find_with(&config, "5/12")), ["date 5/12 = 2026-12-05"]);
    assert_eq!(lines(&find_with(&config, "2026/5/12")), ["date 2026/5/12 = 2026-05-12"]);
    assert_eq!(lines(&find("5/12")), ["date 5/12 = 2027-05-12"]);
}

#[test]
fn days_are_counted_from_the_day_at_the_place_of_now() {
    let recogniser = Recogniser::new(&Config::default()).unwrap();
    let in_new_york = now().with_time_zone(jiff::tz::TimeZone::get("America/New_York").unwrap());

    let found = recogniser.find("tomorrow at 3pm", &in_new_york);

    // It is still Saturday evening there.
    assert_eq!(brief(&found[0].value), "2026-11-22T15:00:00-05:00");
}

#[test]
fn a_time_that_the_clocks_skip_is_put_after_the_gap() {
    let recogniser = Recogniser::new(&Config::default()).unwrap();
    let now = "2026-03-07T12:00:00-05:00[America/New_York]".parse().unwrap();

    let found = recogniser.find("tomorrow at 2:30 am", &now);

    assert_eq!(brief(&found[0].value), "2026-03-08T03:30:00-04:00");
}

#[test]
fn weeks_begin_on_monday_whatever_day_it_is() {
    let recogniser = Recogniser::new(&Config::default()).unwrap();
    let at = |now: &str, text: &str| {
        let now = format!("{now}T12:00:00+08:00[Asia/Shanghai]").parse().unwrap();
        brief(&recogniser.find(text, &now)[0].value)
    };

    assert_eq!(at("2026-11-23", "下周三"), "2026-12-02");
    assert_eq!(at("2026-11-23", "next Wednesday"), "2026-12-02");
    assert_eq!(at("2026-11-23", "周三"), "2026-11-25");
    assert_eq!(at("2026-11-25", "周三"), "2026-11-25");
    assert_eq!(at("2026-11-25", "last Wednesday"), "2026-11-18");
    assert_eq!(at("2026-11-27", "last Wednesday"), "2026-11-25");
    assert_eq!(at("2026-11-27", "上周三"), "2026-11-18");
    assert_eq!(at("2026-12-31", "下周"), "2027-W01");
    assert_eq!(at("2026-01-31", "下个月"), "2026-02");
    assert_eq!(at("2026-01-31", "一个月后"), "2026-02-28");
    assert_eq!(at("2026-11-22", "2月29日"), "2028-02-29");
}

#[test]
fn an_identity_card_tells_what_is_wrong_with_it() {
    let problem = |number: &str| match &find(number).first()?.value {
        Value::IdCard { problem, valid, .. } => Some((*valid, *problem)),
        _ => None,
    };

    assert_eq!(problem("11010519491231002X"), Some((true, None)));
    assert_eq!(problem("110105 19491231 002x"), Some((true, None)));
    assert_eq!(problem("110105194912310020"), Some((false, Some(IdProblem::CheckDigit))));
    assert_eq!(problem("110105194913310021"), Some((false, Some(IdProblem::Birthday))));
    assert_eq!(problem("990105194912310023"), Some((false, Some(IdProblem::Region))));
    assert_eq!(problem("123456789012345678"), None);
    assert_eq!(problem("110105205012310025"), Some((false, Some(IdProblem::Birthday))));
    assert_eq!(problem("110105205012310020"), None);
}

#[test]
fn a_telephone_is_told_by_its_form() {
    let line = |number: &str| match find(number).first()?.value {
        Value::Phone { line, .. } => Some(line),
        _ => None,
    };

    assert_eq!(line("13800138000"), Some(Line::Mobile));
    assert_eq!(line("02162345678"), Some(Line::Landline));
    assert_eq!(line("8008201234"), Some(Line::Service));
    assert_eq!(line("+81 3-1234-5678"), Some(Line::International));
    for other in [
        "12345678901",
        "10812345678",
        "138123456789",
        "1381234567",
        "2026-11-22",
        "03123",
        "a13800138000",
    ] {
        assert_eq!(line(other), None, "{other}");
    }
}

#[test]
fn numbers_that_are_too_great_are_left_out_and_nothing_breaks() {
    for text in [
        "100000000000000000000亿多",
        "999999999999999999999999亿亿元到9元",
        "10000000000000000000000到200元",
        "79228162514264337593543950335个半小时",
        "999999999999999999999999个半月",
        "nine hundred trillion trillion million",
        "第99999999999999999999",
        "99999999999999999999th",
        "99999999999999999999天后",
    ] {
        let longest = find(text).iter().map(|found| found.span.end).max();

        assert!(longest.unwrap_or_default() <= text.len(), "{text}");
    }
    assert!(find("9999年以后").is_empty() || !lines(&find("9999年以后"))[0].starts_with("date "));
}

#[test]
fn many_may_ask_one_recogniser_at_the_same_time() {
    let recogniser = Recogniser::new(&Config::default()).unwrap();

    let find = || lines(&recogniser.find("下周三下午三点", &now()));
    let found = std::thread::scope(|scope| {
        [scope.spawn(find), scope.spawn(find)].map(|asked| asked.join().unwrap())
    });

    assert_eq!(found[0], ["date_time 下周三下午三点 = 2026-11-25T15:00:00+08:00"]);
    assert_eq!(found[0], found[1]);
}

#[test]
fn a_long_text_is_read_up_to_the_limit_and_in_time() {
    let begun = std::time::Instant::now();
    for piece in [
        "一",
        "1",
        "1,",
        "1-",
        "两三",
        "twenty ",
        "a ",
        "三点",
        "(",
        "http://a.cn/)",
        "周一",
        "下",
        "1 ",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        assert!(find(&text).len() <= crate::text::CHARS_MAX);
    }
    // Generous, so that a loaded machine passes; a quadratic reading of such texts would take minutes.
    assert!(begun.elapsed().as_secs() < 60);
}
