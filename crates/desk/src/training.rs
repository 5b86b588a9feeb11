//! Making a release: from a bot's files to a model on disk, with what it is worth.
//!
//! It takes as long as it takes, so it runs on a thread of its own that gives way
//! to everything else. Whose turn it is, and what becomes of the release, is the
//! matter of [`crate::trainer`].

use std::path::{Path, PathBuf};

use domain::{Account, Id, Release, ReleaseMetrics, TrainingStep};
use jiff::Timestamp;
use nlu::{BotData, Model, TrainOptions};
use tokio::sync::{mpsc, oneshot};

use crate::Workshop;
use crate::bot::BotError;
use crate::evaluation::{self, Evaluation};

/// By how much a training gives way to other threads, as `nice` counts it.
const NICENESS: i32 = 10;
/// How many steps may wait to be noted; there are fewer.
const STEPS_MAX: usize = 16;

/// What a training takes, and where it puts what it makes.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) account: Id<Account>,
    pub(crate) release: Id<Release>,
    /// Which attempt this is: two of them must not write into one folder.
    pub(crate) attempt: i32,
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

/// A training under way.
pub(crate) struct Training {
    /// What it is at, step by step.
    pub(crate) steps: mpsc::Receiver<TrainingStep>,
    /// How it ended; closed without a word if it met a bug.
    pub(crate) done: oneshot::Receiver<Result<Trained, BotError>>,
}

impl Training {
    /// Starts a training on a thread of its own.
    pub(crate) fn start(workshop: Workshop, order: Order) -> std::io::Result<Self> {
        let (tell, steps) = mpsc::channel(STEPS_MAX);
        let (sender, done) = oneshot::channel();
        let work = move || {
            // Where the system refuses, the training is in the way a little more.
            let _ = rustix::process::nice(NICENESS);
            let trained = train(&workshop, &order, &|step| {
                // Nobody may be listening any more.
                let _ = tell.try_send(step);
            });
            let _ = sender.send(trained);
        };
        std::thread::Builder::new().name("trainer".to_owned()).spawn(work)?;
        Ok(Training { steps, done })
    }
}

/// Trains a model from a bot's files and writes it down beside the releases.
pub(crate) fn train(
    workshop: &Workshop,
    order: &Order,
    tell: &dyn Fn(TrainingStep),
) -> Result<Trained, BotError> {
    tell(TrainingStep::Reading);
    let data = read(&workshop.files(order.account))?;
    tell(TrainingStep::Learning);
    let model = Model::train(&data.training_set(), &TrainOptions::default())?;
    tell(TrainingStep::Testing);
    let evaluation = evaluation::evaluate(&model, &data);
    tell(TrainingStep::Writing);
    let folder = workshop.partial(order.account, order.release, order.attempt);
    model.save(&folder, order.now.as_millisecond())?;
    Ok(Trained {
        folder,
        data_hash: model.data_hash().to_owned(),
        metrics: evaluation::metrics(&model, &data, &evaluation),
        evaluation,
    })
}

/// Reads a bot's files; what is wrong with them is said without the path of the
/// folder, which is nobody's business but the operator's.
pub(crate) fn read(files: &Path) -> Result<BotData, BotError> {
    BotData::read_folder(files).map_err(|error| {
        let inside = format!("{}/", files.display());
        BotError::Files(error.to_string().replace(&inside, ""))
    })
}
