//! Making a release: from a bot's files to a model on disk, with what it is worth.
//!
//! It takes as long as it takes, so it runs on a thread of its own that gives way
//! to everything else. Whose turn it is, and what becomes of the release, is the
//! matter of [`crate::trainer`].

mod learn;
mod pace;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dialogue::Understanding;
use domain::{Account, Id, Release, ReleaseMetrics, TrainingProgress, TrainingStep};
use jiff::Timestamp;
use nlu::{BotData, TrainError};
use tokio::sync::{oneshot, watch};

use self::learn::Lesson;
use crate::bot_error::BotError;
use crate::evaluation::{self, Evaluation};
use crate::{Workshop, script, sentiment};

/// By how much a training gives way to other threads, as `nice` counts it.
pub(crate) const NICENESS: i32 = 10;
/// What a training takes, and where it puts what it makes.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) account: Id<Account>,
    pub(crate) release: Id<Release>,
    /// Which attempt this is: two of them must not write into one folder.
    pub(crate) attempt: i32,
    /// Whether somebody waits for it: then no encoder is asked, for that takes long.
    pub(crate) in_a_hurry: bool,
    pub(crate) now: Timestamp,
}

/// What was made.
#[derive(Debug)]
pub(crate) struct Trained {
    /// Where it lies until it is kept.
    pub(crate) folder: PathBuf,
    pub(crate) data_hash: String,
    pub(crate) metrics: ReleaseMetrics,
    pub(crate) evaluation: Evaluation,
}

/// A training under way. It ends early when nobody holds `progress` any more.
pub(crate) struct Training {
    /// How far it is.
    pub(crate) progress: watch::Receiver<TrainingProgress>,
    /// How it ended; closed without a word if it met a bug.
    pub(crate) done: oneshot::Receiver<Result<Trained, BotError>>,
}

impl Training {
    /// Starts a training on a thread of its own.
    pub(crate) fn start(workshop: Workshop, order: Order) -> std::io::Result<Self> {
        let (tell, progress) = watch::channel(TrainingProgress::begins(TrainingStep::Waiting));
        let (sender, done) = oneshot::channel();
        let work = move || {
            // Where the system refuses, the training is in the way a little more.
            let _ = rustix::process::nice(NICENESS);
            let trained = train(&workshop, &order, &|at| match tell.send(at) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            });
            let _ = sender.send(trained);
        };
        std::thread::Builder::new().name("trainer".to_owned()).spawn(work)?;
        Ok(Training { progress, done })
    }
}

/// Trains a model from a bot's files and writes it down beside the releases.
fn train(
    workshop: &Workshop,
    order: &Order,
    tell: &dyn Fn(TrainingProgress) -> ControlFlow<()>,
) -> Result<Trained, BotError> {
    let begin = |step| match tell(TrainingProgress::begins(step)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(TrainError::Stopped),
    };
    begin(TrainingStep::Reading)?;
    let files = workshop.files(order.account);
    let data = read(&files)?;
    let wanted = match order.in_a_hurry {
        true => Understanding::default(),
        false => {
            script::read(&files, &data).map_err(|error| without_path(error, &files))?.understanding
        }
    };
    begin(TrainingStep::Learning)?;
    let examples = data.training_set();
    let state = |word: &str| workshop.partial(order.account, order.release, word);
    let lesson =
        Lesson { files: &files, examples: &examples, wanted: &wanted, state: &state, tell };
    let model = lesson.learn().map_err(|error| without_path(error, &files))?;
    let sentiment = sentiment::learn(&files, &data).map_err(|error| without_path(error, &files))?;
    begin(TrainingStep::Testing)?;
    let evaluation = evaluation::evaluate(&model, &data);
    begin(TrainingStep::Writing)?;
    let folder = workshop.partial(order.account, order.release, &order.attempt.to_string());
    let now_ms = order.now.as_millisecond();
    if let Some(sentiment) = &sentiment {
        sentiment.save(&folder, now_ms)?;
    }
    model.save(&folder, now_ms)?;
    Ok(Trained {
        folder,
        data_hash: model.data_hash().to_owned(),
        metrics: evaluation::metrics(&model, &data, &evaluation),
        evaluation,
    })
}

/// Reads a bot's files.
pub(crate) fn read(files: &Path) -> Result<BotData, BotError> {
    let read = BotData::read_folder(files);
    read.map_err(|errors| without_path(BotError::Files(errors.to_string()), files))
}

/// Says what is wrong with a bot's files without the path of their folder, which is
/// nobody's business but the operator's.
fn without_path(error: BotError, files: &Path) -> BotError {
    match error {
        BotError::Files(_) | BotError::Encoder(_) => {
            let inside = format!("{}/", files.display());
            BotError::Files(error.to_string().replace(&inside, ""))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;

    use domain::Epoch;
    use nlu::Tier;
    use nlu::encoder::{PretrainOptions, pretrain};

    use super::*;

    const ORDER: Order = Order {
        account: Id::new(1),
        release: Id::new(7),
        attempt: 1,
        in_a_hurry: false,
        now: Timestamp::UNIX_EPOCH,
    };
    const REFUND: &[&str] = &["我要退款", "退钱给我", "申请退款", "钱怎么退", "把钱退回来"];
    const PARCEL: &[&str] = &["快递到哪了", "包裹什么时候到", "查一下物流", "我的货呢", "发货了吗"];

    /// The folders of an installation with one bot, whose file says what it understands with.
    struct Bench {
        data: tempfile::TempDir,
    }

    impl Bench {
        fn with(understanding: &str) -> Self {
            let bench = Bench { data: tempfile::tempdir().unwrap() };
            let files = bench.workshop().files(ORDER.account);
            fs::create_dir_all(files.join("intents")).unwrap();
            let script = include_str!("../tests/it/bot.yml");
            fs::write(files.join("bot.yml"), format!("{script}{understanding}\n")).unwrap();
            for (intent, examples) in [("refund", REFUND), ("parcel", PARCEL)] {
                let examples: String = examples.iter().map(|one| format!("  - {one}\n")).collect();
                let text = format!(
                    "intent: {intent}\ntitle: {intent}\nexamples:\n{examples}answer: 好的。\n"
                );
                fs::write(files.join(format!("intents/{intent}.zh.yml")), text).unwrap();
            }
            bench
        }

        /// Puts a tiny encoder into the bot's folder.
        fn with_encoder(self) -> Self {
            let texts: Vec<&str> = REFUND.iter().chain(PARCEL).copied().collect();
            let options = PretrainOptions {
                vocabulary: 60,
                count_min: 1,
                layers: 1,
                width: 8,
                heads: 2,
                epochs: 1,
                threads: 1,
                ..PretrainOptions::default()
            };
            let folder = self.workshop().files(ORDER.account).join("minilm");
            pretrain(&texts, &options, &folder, &mut |_| ControlFlow::Continue(())).unwrap();
            self
        }

        fn workshop(&self) -> Workshop {
            Workshop::in_folder(self.data.path())
        }

        /// Trains; after so many words on how far it is, nobody listens any more.
        fn train(&self, words: usize) -> (Result<Trained, BotError>, Vec<TrainingProgress>) {
            let told = RefCell::new(Vec::new());
            let trained = train(&self.workshop(), &ORDER, &|at| {
                told.borrow_mut().push(at);
                match told.borrow().len() < words {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            });
            (trained, told.into_inner())
        }

        fn error(&self) -> String {
            self.train(usize::MAX).0.expect_err("it cannot be trained").to_string()
        }
    }

    fn tier(trained: &Trained) -> Tier {
        nlu::Model::load(&trained.folder).unwrap().tier()
    }

    #[test]
    fn a_bot_understands_with_what_its_file_names() {
        for (section, expected) in [
            ("", Tier::Linear),
            ("understanding: { tier: linear }", Tier::Linear),
            ("understanding: { tier: encoder, encoder: minilm }", Tier::Encoder),
            ("understanding: { tier: hybrid, encoder: minilm }", Tier::Hybrid),
        ] {
            let bench = Bench::with(section).with_encoder();

            let trained = bench.train(usize::MAX).0.unwrap();

            assert_eq!(tier(&trained), expected, "{section}");
        }
    }

    #[test]
    fn an_encoder_may_lie_anywhere() {
        let elsewhere = Bench::with("").with_encoder();
        let folder = elsewhere.workshop().files(ORDER.account).join("minilm");
        let section = format!("understanding: {{ tier: hybrid, encoder: {} }}", folder.display());

        let bench = Bench::with(&section);

        let trained = bench.train(usize::MAX).0.unwrap();

        assert_eq!(tier(&trained), Tier::Hybrid);
    }

    #[test]
    fn what_is_wrong_with_an_encoder_is_said_with_what_to_do() {
        let missing = Bench::with("understanding: { tier: hybrid, encoder: minilm }").error();
        let empty = Bench::with("understanding: { tier: hybrid, encoder: intents }").error();
        let slip = Bench::with("understanding: { tier: hybrid, encodr: minilm }").error();
        let none = Bench::with("understanding: { tier: hybrid }").error();

        assert!(missing.starts_with("bot.yml: `understanding.encoder` names minilm"), "{missing}");
        assert!(empty.contains("intents/config.json is missing"), "{empty}");
        assert!(slip.contains("did you mean `encoder`?"), "{slip}");
        assert!(none.contains("has no `encoder`: name the folder"), "{none}");
        for error in [missing, empty, slip, none] {
            assert!(!error.contains("/bots/"), "where it lies is the operator's business: {error}");
        }
    }

    #[test]
    fn whoever_waits_gets_a_model_without_an_encoder() {
        let bench = Bench::with("understanding: { tier: hybrid, encoder: nowhere }");
        let order = Order { in_a_hurry: true, ..ORDER };

        let trained = train(&bench.workshop(), &order, &|_| ControlFlow::Continue(())).unwrap();

        assert_eq!(tier(&trained), Tier::Linear);
    }

    #[test]
    fn an_encoder_that_learns_tells_its_epochs_and_goes_on_after_an_interruption() {
        let section = "understanding: { tier: hybrid, encoder: minilm, fine_tune: true }";
        let bench = Bench::with(section).with_encoder();
        let other = Bench::with(section).with_encoder();
        let uninterrupted = other.train(usize::MAX);

        let (stopped, before) = bench.train(8);
        let (resumed, after) = bench.train(usize::MAX);

        assert!(matches!(stopped, Err(BotError::Files(error)) if error.contains("stopped")));
        assert_eq!(before.len(), 8, "nothing goes on that nobody waits for");
        let epochs =
            |told: &[TrainingProgress]| told.iter().filter_map(|at| at.epoch).collect::<Vec<_>>();
        let all = epochs(&uninterrupted.1);
        assert_eq!(all.first().map(|epoch| epoch.number), Some(1));
        assert_eq!(all.last(), Some(&Epoch { number: all[0].of, of: all[0].of }));
        assert!(epochs(&after)[0].number > 1, "what was learned is not learned again");
        assert!(after.iter().any(|at| at.time_left_s.is_some()));
        let (resumed, uninterrupted) = (resumed.unwrap(), uninterrupted.0.unwrap());
        assert_eq!(
            nlu::Model::load(&resumed.folder).unwrap(),
            nlu::Model::load(&uninterrupted.folder).unwrap(),
            "the interruption changed nothing"
        );
        let left = fs::read_dir(bench.workshop().models(ORDER.account)).unwrap();
        assert_eq!(left.count(), 1, "only what was made is left");
    }
}
