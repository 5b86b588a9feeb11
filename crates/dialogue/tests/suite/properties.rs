//! What holds whatever is said.

use dialogue::{
    Action, DETAILS_MAX, Detail, Hours, Language, RECENT_MAX, Reason, SUMMARY_LINES_MAX, State,
    Turn, step,
};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::SCRIPT;

/// The most that a stored state may weigh.
const STATE_BYTES_MAX: usize = 1024;

/// A turn that owns its parts.
#[derive(Clone, Debug)]
struct Said {
    text: String,
    language: Option<Language>,
    tapped: Option<String>,
    intents: Vec<(String, f32)>,
    anger: f32,
    lasting_anger: f32,
    details: Vec<Detail>,
    failed: bool,
    closed: Option<Option<String>>,
    at_s: i64,
}

impl Said {
    fn take(&self, state: &State) -> (State, Vec<Action>) {
        let hours = match &self.closed {
            Some(opens_at) => Hours::Closed { opens_at: opens_at.clone() },
            None => Hours::Open,
        };
        let turn = Turn {
            text: &self.text,
            language: self.language,
            quick_reply: self.tapped.as_deref(),
            intents: &self.intents,
            anger: self.anger,
            lasting_anger: self.lasting_anger,
            details: &self.details,
            quoted: None,
            failed: self.failed,
            hours,
        };
        step(&SCRIPT, state, &turn, Timestamp::from_second(self.at_s).unwrap())
    }

    fn hands_off(&self, state: &State) -> (State, bool) {
        let (state, actions) = self.take(state);
        (state, actions.iter().any(|action| matches!(action, Action::HandOff { .. })))
    }
}

fn intent() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => prop::sample::select(vec!["yield", "buy", "order", "identity", "other", "human"])
            .prop_map(str::to_owned),
        1 => ".{0,2000}",
    ]
}

fn words() -> impl Strategy<Value = String> {
    let known = vec![
        "人工",
        "不要",
        "转",
        "你是",
        "吗",
        "1",
        "第二个",
        "查询收益",
        "human",
        "don't",
        "want a",
        "，",
        "no ",
        "👨‍👩‍👧‍👦",
        "\u{202e}",
        "",
        " ",
        "{opens_at}",
        "Track my order",
    ];
    let pieces = prop::collection::vec(prop::sample::select(known), 0..8);
    prop_oneof![pieces.prop_map(|p| p.concat()), any::<String>(), ".{0,6000}"]
}

fn said(text: impl Strategy<Value = String>) -> impl Strategy<Value = Said> {
    (
        text,
        prop::option::of(prop::sample::select(vec![Language::Zh, Language::En])),
        prop::option::weighted(0.2, intent()),
        prop::collection::vec((intent(), prop_oneof![0.0f32..1.0, any::<f32>()]), 0..6),
        (
            prop_oneof![4 => 0.0f32..0.5, 1 => any::<f32>()],
            prop_oneof![4 => 0.0f32..0.4, 1 => any::<f32>()],
            prop::collection::vec(detail(), 0..9),
        ),
        prop::bool::weighted(0.1),
        prop::option::weighted(0.2, prop::option::of(any::<String>())),
        prop_oneof![0i64..20_000, -300_000_000i64..300_000_000],
    )
        .prop_map(|(text, language, tapped, intents, noticed, failed, closed, at_s)| {
            let (anger, lasting_anger, details) = noticed;
            Said {
                text,
                language,
                tapped,
                intents,
                anger,
                lasting_anger,
                details,
                failed,
                closed,
                at_s,
            }
        })
}

fn detail() -> impl Strategy<Value = Detail> {
    (".{0,60}", r#"(\\|"|👨‍👩‍👧‍👦|\PC){0,60}"#).prop_map(Detail::from)
}

/// Plain wishes for a person, and weaker ones that count when they are repeated.
fn wish() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "人工",
        "转人工",
        "我要人工客服",
        "有真人吗",
        "人工客服几点上班",
        "你是真人吗",
        "human",
        "I want to talk to a real person",
        "give me an agent",
        "are you human",
        "a person please",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_state_stays_small_and_every_turn_is_answered(
        turns in prop::collection::vec(said(words()), 1..24)
    ) {
        let mut state = State::default();
        for turn in &turns {
            let (next, actions) = turn.take(&state);
            let json = serde_json::to_string(&next).unwrap();

            prop_assert!(json.len() <= STATE_BYTES_MAX, "{} bytes: {json}", json.len());
            prop_assert!(next.recent.len() <= RECENT_MAX);
            prop_assert!(next.details.len() <= DETAILS_MAX);
            let said = matches!(actions.first(), Some(Action::Say { text, .. }) if !text.is_empty());
            prop_assert!(said, "{:?}", actions);
            for action in &actions {
                if let Action::HandOff { summary, .. } = action {
                    prop_assert!((1..=SUMMARY_LINES_MAX).contains(&summary.lines().count()));
                }
            }
            state = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&state, &next);
        }
    }

    #[test]
    fn a_contact_who_asks_for_a_person_gets_one_in_two_turns(
        before in prop::collection::vec(said(words()), 0..8),
        first in said(wish()),
        second in said(wish()),
    ) {
        let mut state = State::default();
        for turn in &before {
            state = turn.take(&state).0;
        }
        // The two wishes are typed, and belong to one visit.
        let first = Said { tapped: None, ..first };
        let second = Said { tapped: None, at_s: first.at_s + 60, ..second };

        let (state, at_once) = first.hands_off(&state);
        let (_, next) = second.hands_off(&state);

        prop_assert!(at_once || next);
    }

    #[test]
    fn a_plain_wish_for_a_person_is_met_at_once(
        before in prop::collection::vec(said(words()), 0..8),
        turn in said(prop::sample::select(vec!["人工", "转人工！", "human", "a person please"]).prop_map(str::to_owned)),
    ) {
        let mut state = State::default();
        for turn in &before {
            state = turn.take(&state).0;
        }

        let (_, actions) = Said { tapped: None, ..turn }.take(&state);

        let Some(Action::HandOff { reason, .. }) = actions.last() else {
            return Err(TestCaseError::fail(format!("{actions:?}")));
        };
        prop_assert_eq!(*reason, Reason::Asked);
    }
}
