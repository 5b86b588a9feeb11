//! The step: from what was heard to what is done.
//!
//! It goes in two halves. `hear` decides what a turn means, the surest sign first: a tapped reply,
//! the plain wish for a person, a typed choice, a failure, anger, and only then the probabilities.
//! The rest turns that into words, a new state and, where it comes to that, a handoff.

use jiff::Timestamp;

use crate::choice::chosen;
use crate::person::{Wish, wish};
use crate::summary::{Why, summary};
use crate::text::has_letters;
use crate::{Action, Hours, Language, QuickReply, Reason, Script, Sentence, State, Turn};

/// How many intents an unsure bot offers.
pub const CHOICES_MAX: usize = 3;

/// What a turn means.
enum Heard<'a> {
    /// The contact means this intent.
    Intent(&'a str),
    /// A person must take over.
    Person(Reason),
    /// There were no words.
    Nothing,
    /// It may be one of these, the likeliest first; none when no guess is worth offering.
    Unsure(Vec<&'a str>),
    /// No person is wanted; what is may be one of these.
    Refused(Vec<&'a str>),
}

/// Takes one turn.
///
/// Returns the state to store with the conversation and what to do, in order. With a script that
/// [`Script::check`] finds no mistake in, there is always something to do, a handoff is always
/// preceded by a sentence to the contact, and a contact who asks for a person gets one in at most
/// two turns.
pub fn step(script: &Script, state: &State, turn: &Turn, now: Timestamp) -> (State, Vec<Action>) {
    let awake = state.awake(now);
    let wish = wish(&script.person_words, turn.text);
    let heard = hear(script, &awake, turn, wish);

    let mut next = awake.clone();
    let language = language(script, &awake, turn);
    next.language = Some(language);
    next.note(turn.details);
    next.wordless = matches!(heard, Heard::Nothing);
    next.person_mentioned = wish == Wish::Mentioned || leans_to_person(script, turn, wish);

    let mut reply = Reply { script, turn, language, state: next, actions: Vec::new() };
    reply.react(heard, awake.wordless);
    (reply.state, reply.actions)
}

/// Chooses the language: that of the words just said; a message without letters, or a tap, keeps
/// the one before.
fn language(script: &Script, state: &State, turn: &Turn) -> Language {
    let spoken = turn.language.filter(|_| turn.quick_reply.is_none() && has_letters(turn.text));
    script.speaks(spoken.or(state.language).unwrap_or(script.default_language))
}

fn hear<'a>(script: &Script, state: &'a State, turn: &Turn<'a>, wish: Wish) -> Heard<'a> {
    let tapped = turn.quick_reply.filter(|intent| script.answers.contains_key(*intent));
    if let Some(intent) = tapped {
        return Heard::Intent(intent);
    }
    if wish == Wish::Clear {
        return Heard::Person(Reason::Asked);
    }
    if let Some(intent) = chosen(script, &state.choices, turn.text) {
        return Heard::Intent(intent);
    }
    if turn.text.trim().is_empty() {
        return Heard::Nothing;
    }
    if turn.failed {
        return Heard::Person(Reason::BotFailed);
    }
    if is_furious(script, turn) || is_angry_for_long(script, turn) {
        return Heard::Person(Reason::Angry);
    }
    weigh(script, state, turn, wish)
}

fn is_furious(script: &Script, turn: &Turn) -> bool {
    turn.anger >= script.anger_max
}

/// Tells whether anger has lasted. Who has just calmed down is not angry, whatever was before.
fn is_angry_for_long(script: &Script, turn: &Turn) -> bool {
    turn.anger > 0.0 && turn.lasting_anger >= script.lasting_anger_max
}

/// Decides by the probabilities, and by what was said of a person without plainly asking.
fn weigh<'a>(script: &Script, state: &State, turn: &Turn<'a>, wish: Wish) -> Heard<'a> {
    let guesses = guesses(script, turn, wish);
    let best = guesses.first().copied();
    let sure = best.filter(|(_, probability)| *probability >= script.thresholds.answer);
    let wants_person = wish == Wish::Mentioned || leans_to_person(script, turn, wish);
    match sure {
        _ if wants_person && state.person_mentioned => Heard::Person(Reason::Asked),
        Some((intent, _)) => Heard::Intent(intent),
        None if wish == Wish::Mentioned => Heard::Person(Reason::Asked),
        None if wish == Wish::Refused => Heard::Refused(choices(script, &guesses)),
        None => Heard::Unsure(choices(script, &guesses)),
    }
}

/// Chooses what an unsure bot offers: nothing when even the best guess is a poor one.
fn choices<'a>(script: &Script, guesses: &[(&'a str, f32)]) -> Vec<&'a str> {
    let best = guesses.first().map_or(0.0, |(_, probability)| *probability);
    if best < script.thresholds.clarify {
        return Vec::new();
    }
    let offered = guesses.iter().map(|(intent, _)| *intent);
    offered.filter(|intent| *intent != script.fallback_intent).take(CHOICES_MAX).collect()
}

/// Sorts what may be meant, the likeliest first. Unknown intents and impossible numbers are left
/// out, and a person whom the contact has just refused.
fn guesses<'a>(script: &Script, turn: &Turn<'a>, wish: Wish) -> Vec<(&'a str, f32)> {
    let mut guesses: Vec<(&str, f32)> = turn
        .intents
        .iter()
        .map(|(intent, probability)| (intent.as_str(), *probability))
        .filter(|(intent, probability)| *probability > 0.0 && script.answers.contains_key(*intent))
        .filter(|(intent, _)| wish != Wish::Refused || !script.hands_off(intent))
        .collect();
    guesses.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    guesses
}

/// Tells whether the likeliest reading is a wish for a person, though not a sure one.
fn leans_to_person(script: &Script, turn: &Turn, wish: Wish) -> bool {
    guesses(script, turn, wish).first().is_some_and(|(intent, probability)| {
        *probability >= script.thresholds.clarify && script.hands_off(intent)
    })
}

/// The answer being put together.
struct Reply<'a> {
    script: &'a Script,
    turn: &'a Turn<'a>,
    language: Language,
    state: State,
    actions: Vec<Action>,
}

impl Reply<'_> {
    fn react(&mut self, heard: Heard<'_>, was_wordless: bool) {
        match heard {
            Heard::Person(reason) => self.hand_off(reason),
            Heard::Intent(intent) if self.script.hands_off(intent) => self.hand_off(Reason::Asked),
            Heard::Intent(intent) => self.answer(intent),
            Heard::Nothing => self.ask_for_words(was_wordless),
            Heard::Unsure(choices) => self.clarify(&choices),
            // That was understood: who wants no person must not get one for saying so.
            Heard::Refused(choices) => self.ask(Sentence::Clarify, &choices),
        }
    }

    fn answer(&mut self, intent: &str) {
        let Some(answer) = self.script.answer(intent, self.language) else { return };
        self.state.lost = 0;
        self.state.remember(intent);
        let offers = answer.quick_replies.iter().map(String::as_str);
        let replies = self.script.quick_replies(offers, self.language);
        self.say(answer.answer.clone(), replies, Some(intent.to_owned()));
    }

    /// Asks for words. A contact who sends three pictures was not misunderstood three times.
    fn ask_for_words(&mut self, was_wordless: bool) {
        if !was_wordless {
            self.state.miss();
        }
        let choices = self.state.choices.clone();
        self.ask(Sentence::Clarify, &choices.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn clarify(&mut self, choices: &[&str]) {
        self.state.miss();
        if self.state.lost >= self.script.lost_turns_max {
            return self.hand_off(Reason::Lost);
        }
        self.ask(if choices.is_empty() { Sentence::Lost } else { Sentence::Clarify }, choices);
    }

    /// Says `sentence` and offers `intents`, or the starters when there are none.
    fn ask(&mut self, sentence: Sentence, intents: &[&str]) {
        let mut replies = self.script.quick_replies(intents.iter().copied(), self.language);
        if replies.is_empty() {
            replies = self.script.starters(self.language);
        }
        self.say(self.script.sentence(sentence, self.language).to_owned(), replies, None);
    }

    fn hand_off(&mut self, reason: Reason) {
        let sentence = match reason {
            Reason::Asked => Sentence::HandoffAsked,
            Reason::Lost => Sentence::HandoffLost,
            Reason::Angry => Sentence::HandoffAngry,
            Reason::BotFailed => Sentence::HandoffFailed,
        };
        let text = self.script.sentence(sentence, self.language).to_owned();
        self.say(text, Vec::new(), None);
        if let Some(text) = self.out_of_hours() {
            self.say(text, Vec::new(), None);
        }
        let lasting = reason == Reason::Angry && !is_furious(self.script, self.turn);
        let why = Why { reason, lasting };
        let words = self.turn.quoted.unwrap_or(self.turn.text);
        let summary = summary(self.script, &self.state, self.language, words, why);
        self.actions.push(Action::HandOff { reason, summary });
        self.state.let_go();
    }

    /// Says when people will be there; when that is not known, only what is true without it.
    fn out_of_hours(&self) -> Option<String> {
        let Hours::Closed { opens_at } = &self.turn.hours else { return None };
        let text = match opens_at {
            Some(at) => self.script.sentence_with(Sentence::OutOfHours, self.language, at),
            None => without_placeholder(self.script.sentence(Sentence::OutOfHours, self.language)),
        };
        (!text.is_empty()).then_some(text)
    }

    fn say(&mut self, text: String, quick_replies: Vec<QuickReply>, intent: Option<String>) {
        self.state.offer(quick_replies.iter().map(|reply| reply.value.as_str()));
        self.actions.push(Action::Say { text, quick_replies, intent });
    }
}

/// Keeps the sentences of `text` that hold no placeholder.
fn without_placeholder(text: &str) -> String {
    let kept: String = text
        .split_inclusive(['。', '！', '？', '.', '!', '?'])
        .filter(|s| !s.contains('{'))
        .collect();
    kept.trim().to_owned()
}
