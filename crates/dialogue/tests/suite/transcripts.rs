//! Plays transcripts and compares what the bot does with what stands in them.
//!
//! A transcript is a text file of scenes. A scene begins with `## its name`. A turn of the contact
//! is `> words | signs`, where the signs are what understanding and the desk add, between commas:
//! `intent=0.9`, `anger=0.9`, `lasting=0.5`, `failed`, `tap=intent`, `lang=en`, `closed`, `closed=when`,
//! `later=minutes`, `detail=kind words`, `quoted=words`. What follows is what the bot does: `< words [title=value · …] (intent)` for what
//! it says, `! reason` for a handoff and `. line` for each line of its summary. The state travels
//! through JSON between turns, as it does in the product.

use dialogue::{Action, Detail, Hours, Language, Script, State, Turn, step};
use jiff::{SignedDuration, Timestamp};

use crate::SCRIPT;

const TRANSCRIPTS: [(&str, &str); 3] = [
    ("zh.txt", include_str!("transcripts/zh.txt")),
    ("en.txt", include_str!("transcripts/en.txt")),
    ("mixed.txt", include_str!("transcripts/mixed.txt")),
];

#[test]
fn the_bot_keeps_to_the_transcripts() {
    for (name, written) in TRANSCRIPTS {
        let played = play(&SCRIPT, written);
        let differing = written.lines().zip(played.lines()).position(|(a, b)| a != b);

        assert!(
            written == played,
            "{name} differs at line {}; played:\n{played}",
            differing.unwrap_or_else(|| written.lines().count().min(played.lines().count())) + 1
        );
    }
}

#[test]
fn every_scene_plays_at_least_one_turn() {
    for (name, written) in TRANSCRIPTS {
        let scenes: Vec<&str> = written.split("## ").skip(1).collect();

        assert!(scenes.len() >= 5, "{name} has {} scenes", scenes.len());
        assert!(scenes.iter().all(|scene| scene.contains("\n> ") && scene.contains("\n< ")));
    }
}

/// Plays the contact's lines of a transcript and writes the whole transcript anew.
fn play(script: &Script, written: &str) -> String {
    let mut played = String::new();
    let mut stored = String::from("{}");
    let mut now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1000);
    for line in written.lines() {
        match line.split_at_checked(2) {
            Some(("> ", spoken)) => {
                let (words, signs) = spoken.split_once('|').unwrap_or((spoken, ""));
                let signs = Signs::read(signs);
                now += SignedDuration::from_mins(signs.later);
                let state: State = serde_json::from_str(&stored).unwrap();
                let (state, actions) = step(script, &state, &signs.turn(words.trim()), now);
                stored = serde_json::to_string(&state).unwrap();
                played += &format!("{line}\n");
                played.extend(actions.iter().map(write));
            }
            Some(("< " | "! " | ". ", _)) => {}
            _ => {
                stored = if line.starts_with("## ") { "{}".into() } else { stored };
                played += &format!("{line}\n");
            }
        }
    }
    played
}

fn write(action: &Action) -> String {
    match action {
        Action::Say { text, quick_replies, intent } => {
            let replies: Vec<String> =
                quick_replies.iter().map(|r| format!("{}={}", r.title, r.value)).collect();
            let replies = match replies.as_slice() {
                [] => String::new(),
                _ => format!(" [{}]", replies.join(" · ")),
            };
            let intent = intent.as_ref().map(|i| format!(" ({i})")).unwrap_or_default();
            format!("< {text}{replies}{intent}\n")
        }
        Action::HandOff { reason, summary } => {
            let lines: String = summary.lines().map(|line| format!(". {line}\n")).collect();
            format!("! {}\n{lines}", reason.code())
        }
    }
}

/// What stands behind the words of a contact's line.
#[derive(Default)]
struct Signs {
    intents: Vec<(String, f32)>,
    anger: f32,
    lasting_anger: f32,
    details: Vec<Detail>,
    quoted: Option<String>,
    failed: bool,
    tapped: Option<String>,
    language: Option<Language>,
    hours: Hours,
    later: i64,
}

impl Signs {
    fn read(written: &str) -> Self {
        let mut signs = Signs::default();
        for sign in written.split(',').map(str::trim).filter(|sign| !sign.is_empty()) {
            let (name, value) = sign.split_once('=').unwrap_or((sign, ""));
            match name {
                "anger" => signs.anger = value.parse().unwrap(),
                "lasting" => signs.lasting_anger = value.parse().unwrap(),
                "failed" => signs.failed = true,
                "detail" => signs.details.push(detail(value)),
                "quoted" => signs.quoted = Some(value.to_owned()),
                "tap" => signs.tapped = Some(value.to_owned()),
                "lang" => signs.language = Some(serde_norway::from_str(value).unwrap()),
                "closed" => {
                    let opens_at = (!value.is_empty()).then(|| value.to_owned());
                    signs.hours = Hours::Closed { opens_at };
                }
                "later" => signs.later = value.parse().unwrap(),
                intent => signs.intents.push((intent.to_owned(), value.parse().unwrap())),
            }
        }
        signs
    }

    fn turn<'a>(&'a self, text: &'a str) -> Turn<'a> {
        Turn {
            text,
            language: self.language.or_else(|| guess_language(text)),
            quick_reply: self.tapped.as_deref(),
            intents: &self.intents,
            anger: self.anger,
            lasting_anger: self.lasting_anger,
            details: &self.details,
            quoted: self.quoted.as_deref(),
            failed: self.failed,
            hours: self.hours.clone(),
        }
    }
}

fn detail(written: &str) -> Detail {
    let (kind, text) = written.split_once(' ').unwrap();
    Detail { kind: kind.to_owned(), text: text.to_owned() }
}

/// Tells the language of the plain words of a transcript.
fn guess_language(text: &str) -> Option<Language> {
    let han = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let latin = text.chars().any(|c| c.is_ascii_alphabetic());
    if han { Some(Language::Zh) } else { latin.then_some(Language::En) }
}
