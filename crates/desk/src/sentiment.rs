//! What a bot has learned to be good and bad news in its business: from the texts in its
//! `sentiment.tsv` to a model in its release, and to what an answer makes of it.
//!
//! Words that everybody takes for anger or worry are known to `nlu` already; what is learned
//! here are messages that hold none of them.

use std::path::Path;

use nlu::sentiment::{Emotions, Sentiment, SentimentModel, SentimentOptions};
use nlu::{BotData, Example, Lexicon, ReleaseError, parse_tsv};

use crate::bot_error::BotError;
use crate::bot_file;

/// What a bot learns from, in its folder: negative, neutral or positive, tab, text on each line.
const FILE: &str = "sentiment.tsv";
/// The most bytes of that file.
const FILE_BYTES_MAX: u64 = 32 << 20;
/// From which probability on what was learned shows. Of the demo company's held-out texts it then
/// tells four in ten of those that are news, and is right about nearly nine in ten.
const SHOWN_MIN: f32 = 0.65;
/// How strongly it shows if it is certain: as strongly as one word that everybody knows.
const STRENGTH_MAX: f32 = 0.6;

/// Learns from the file in a bot's folder; `None` if there is none.
///
/// Most of what is written to a bot is neither good nor bad news. So as many of the examples of
/// its intents are learned as neutral as there are texts in the file.
pub(crate) fn learn(files: &Path, data: &BotData) -> Result<Option<SentimentModel>, BotError> {
    let Some(text) = bot_file::read(files, FILE, FILE_BYTES_MAX)? else { return Ok(None) };
    let mut examples = parse_tsv(&files.join(FILE), text.as_bytes())
        .map_err(|errors| BotError::Files(errors.to_string()))?;
    examples.extend(plain(data, examples.len()));
    let model = SentimentModel::train(&examples, &SentimentOptions::default());
    model.map(Some).map_err(|error| bot_file::wrong(files, FILE, &error))
}

/// Takes at most so many examples of the bot's intents, from all alike, in which no word shows
/// an emotion.
fn plain(data: &BotData, most: usize) -> Vec<Example> {
    let lexicon = Lexicon::default();
    let texts = data.intents.iter().flat_map(|intent| &intent.examples);
    let texts: Vec<&String> = texts.filter(|text| is_silent(&lexicon.emotions(text))).collect();
    let step = texts.len().div_ceil(most.max(1)).max(1);
    let texts = texts.into_iter().step_by(step);
    texts.map(|text| Example::new(Sentiment::Neutral.name(), text)).collect()
}

fn is_silent(emotions: &Emotions) -> bool {
    emotions.all().all(|(_, strength)| strength == 0.0)
}

/// Reads what was learned for a release; `None` if nothing was.
pub(crate) fn load(release: &Path) -> Result<Option<SentimentModel>, BotError> {
    match SentimentModel::load(release) {
        Err(ReleaseError::Missing(_)) => Ok(None),
        model => Ok(Some(model?)),
    }
}

/// The emotions of a message after what was learned of such messages, which speaks where no word
/// does.
pub(crate) fn joined(emotions: Emotions, (sentiment, probability): (Sentiment, f32)) -> Emotions {
    if !is_silent(&emotions) || probability < SHOWN_MIN {
        return emotions;
    }
    let strength = STRENGTH_MAX * probability;
    match sentiment {
        Sentiment::Negative => Emotions { disappointment: strength, ..emotions },
        Sentiment::Positive => Emotions { satisfaction: strength, ..emotions },
        Sentiment::Neutral => emotions,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const BAD: [&str; 4] = ["三天了没人理", "又要我重新排队", "说好的没兑现", "nobody called back"];
    const GOOD: [&str; 4] = ["很快就解决了", "包装很用心", "正合我意", "works like a charm"];
    const PLAIN: [&str; 4] = ["怎么开发票", "查一下余额", "几点开门", "where is it"];

    fn files(table: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), table).unwrap();
        folder
    }

    fn table() -> String {
        let of = |label: &'static str, texts: [&'static str; 4]| {
            let twice =
                texts.into_iter().flat_map(|text| ["", "啊", "！", "。。"].map(|end| (text, end)));
            twice.map(move |(text, end)| format!("{label}\t{text}{end}\n"))
        };
        of("negative", BAD).chain(of("neutral", PLAIN)).chain(of("positive", GOOD)).collect()
    }

    #[test]
    fn what_was_learned_is_kept_with_a_release() {
        let (files, release) = (files(&table()), tempfile::tempdir().unwrap());

        let learned = learn(files.path(), &BotData::default()).unwrap().unwrap();
        learned.save(release.path(), 0).unwrap();
        let loaded = load(release.path()).unwrap().unwrap();

        assert_eq!(loaded.read(BAD[0]).sentiment, Sentiment::Negative);
        assert_eq!(loaded.read(GOOD[3]).sentiment, Sentiment::Positive);
        assert_eq!(loaded, learned);
    }

    #[test]
    fn a_bot_may_do_without() {
        let empty = tempfile::tempdir().unwrap();

        assert_eq!(learn(empty.path(), &BotData::default()).unwrap(), None);
        assert_eq!(load(empty.path()).unwrap(), None);
    }

    #[test]
    fn a_mistake_names_the_file_and_what_to_do() {
        for (table, problem) in [
            ("negative 太慢\n", ":1:"),
            ("cross\t太慢\nnegative\t慢\n", "`cross` is no sentiment"),
            ("negative\t太慢\nnegative\t慢\n", "at least two sentiments"),
        ] {
            let complaint =
                learn(files(table).path(), &BotData::default()).unwrap_err().to_string();
            assert!(complaint.contains(FILE) && complaint.contains(problem), "{complaint}");
        }
    }

    #[test]
    fn what_was_learned_speaks_where_no_word_does() {
        let (bad, unsure) = ((Sentiment::Negative, 0.9), (Sentiment::Negative, 0.6));
        let (silent, angry) =
            (Emotions::default(), Emotions { anger: 0.84, ..Emotions::default() });

        assert!((joined(silent, bad).disappointment - 0.54).abs() < 1e-6);
        assert_eq!(joined(silent, unsure), silent);
        assert_eq!(joined(angry, bad), angry);
    }

    #[test]
    fn the_demo_company_seldom_errs_where_it_shows_what_it_learned() {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo");
        let read = |name: &str| parse_tsv(Path::new(name), &fs::read(demo.join(name)).unwrap());
        let data = BotData::read_folder(&demo).unwrap();
        let model = learn(&demo, &data).unwrap().unwrap();
        let shown = |text: &str| {
            let (sentiment, probability) = model.sentiment(text);
            (sentiment != Sentiment::Neutral && probability >= SHOWN_MIN).then_some(sentiment)
        };

        let tests = read("sentiment.test.tsv").unwrap();
        let told: Vec<bool> =
            tests.iter().filter_map(|one| Some(shown(&one.text)?.name() == one.intent)).collect();
        let plain: Vec<&Example> = data.tests.values().flatten().collect();
        let wrongly = plain.iter().filter(|one| shown(&one.text).is_some()).count();

        let right = told.iter().filter(|right| **right).count();
        assert!(told.len() * 4 >= tests.len(), "{} of {} are told", told.len(), tests.len());
        assert!(right * 100 >= told.len() * 85, "{right} of {} are right", told.len());
        assert!(
            wrongly * 100 <= plain.len() * 3,
            "{wrongly} of {} are taken for news",
            plain.len()
        );
    }
}
