//! Releases: trained models of a bot, one of which is in use.
//!
//! What a model is, and where its files lie, is no matter of this module; it
//! says which steps a release may take.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Id, Language, Result, Rule};

/// A trained model of an account's bot, or one in the making.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Identifies the release, and names its files.
    pub id: Id<Release>,
    /// Counts the releases of the account: 1, 2, 3 …
    pub number: i64,
    /// How far it is.
    pub state: ReleaseState,
    /// How much of the training is done, in percent.
    pub progress: i16,
    /// What the training is at; the last step once it is over.
    pub step: TrainingStep,
    /// The pass over the examples that is under way, while an encoder learns.
    pub epoch: Option<Epoch>,
    /// About how long the step still takes, in seconds, if that can be told.
    pub time_left_s: Option<i64>,
    /// The hash of the examples; empty until they were read.
    pub data_hash: String,
    /// How good it is; `None` until it was measured.
    pub metrics: Option<ReleaseMetrics>,
    /// Why the training failed.
    pub error: Option<String>,
    /// Who had it trained; `None` if the server did so by itself.
    pub created_by: Option<Id<Agent>>,
    /// When its training was asked for.
    pub created_at: Timestamp,
    /// When it was last put to work.
    pub released_at: Option<Timestamp>,
}

/// How far a release is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseState {
    /// Is being trained, or waits for it.
    Training,
    /// Could not be trained.
    Failed,
    /// Is trained, and was never in use.
    Candidate,
    /// Is in use.
    Released,
    /// Was in use, and can be again.
    Retired,
}

/// What a training is at.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingStep {
    /// Waits for its turn.
    Waiting,
    /// Reads the examples.
    Reading,
    /// Learns from them.
    Learning,
    /// Answers the tests.
    Testing,
    /// Writes the model.
    Writing,
}

impl TrainingStep {
    /// How much of a training is done when this step begins, in percent.
    pub fn progress(self) -> i16 {
        match self {
            TrainingStep::Waiting => 0,
            TrainingStep::Reading => 5,
            TrainingStep::Learning => 10,
            TrainingStep::Testing => 80,
            TrainingStep::Writing => 95,
        }
    }

    /// How much of a training is done when this step ends, in percent.
    fn progress_after(self) -> i16 {
        match self {
            TrainingStep::Waiting => TrainingStep::Reading.progress(),
            TrainingStep::Reading => TrainingStep::Learning.progress(),
            TrainingStep::Learning => TrainingStep::Testing.progress(),
            TrainingStep::Testing => TrainingStep::Writing.progress(),
            TrainingStep::Writing => 100,
        }
    }
}

/// How far a training is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingProgress {
    /// What it is at.
    pub step: TrainingStep,
    /// The share of the step that is done, from 0 to 1.
    pub share: f32,
    /// The pass over the examples that is under way, while an encoder learns.
    pub epoch: Option<Epoch>,
    /// About how long the step still takes, in seconds, if that can be told.
    pub time_left_s: Option<i64>,
}

/// A pass over the examples.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Epoch {
    /// Which one it is, from 1.
    pub number: i16,
    /// How many there are at most.
    pub of: i16,
}

impl TrainingProgress {
    /// A step begins.
    pub fn begins(step: TrainingStep) -> Self {
        TrainingProgress { step, share: 0.0, epoch: None, time_left_s: None }
    }

    /// How much of the training is done, in percent.
    fn percent(&self) -> i16 {
        let (from, to) = (self.step.progress(), self.step.progress_after());
        // Less than 100 of 100 never rounds up to what comes next.
        from + (f32::from(to - from) * self.share.clamp(0.0, 1.0)) as i16
    }
}

/// How good a release is.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ReleaseMetrics {
    /// How many intents it tells apart.
    pub intents: usize,
    /// How many examples it learned from.
    pub examples: usize,
    /// The share of examples, held out while it learned, that it got right.
    pub held_out_accuracy: f32,
    /// The share of them that it could answer alone, being right 95 times of 100.
    pub held_out_coverage: f32,
    /// How far its probabilities lie from the truth, on average.
    pub calibration_error: f32,
    /// How it did on the tests of each language.
    pub tests: Vec<TestMetrics>,
}

/// How a release did on the tests of a language.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct TestMetrics {
    /// The language.
    pub language: Language,
    /// How many tests there were.
    pub tests: usize,
    /// The share that it got right.
    pub accuracy: f32,
    /// The mean F1 of the intents.
    pub macro_f1: f32,
    /// The share that it could answer alone, being right 95 times of 100.
    pub coverage: f32,
}

impl Release {
    /// Begins a release that waits to be trained.
    pub fn begin(
        id: Id<Release>,
        number: i64,
        created_by: Option<Id<Agent>>,
        now: Timestamp,
    ) -> Self {
        Release {
            id,
            number,
            state: ReleaseState::Training,
            progress: 0,
            step: TrainingStep::Waiting,
            epoch: None,
            time_left_s: None,
            data_hash: String::new(),
            metrics: None,
            error: None,
            created_by,
            created_at: now,
            released_at: None,
        }
    }

    /// Takes note of how far the training is; `None` if that was known. It goes
    /// forward only, also when it began again elsewhere.
    pub fn advance(&mut self, at: TrainingProgress) -> Option<()> {
        if self.state != ReleaseState::Training {
            return None;
        }
        let before = (self.step, self.progress, self.epoch, self.time_left_s);
        if at.percent() > self.progress {
            (self.step, self.progress) = (at.step, at.percent());
        }
        (self.epoch, self.time_left_s) = (at.epoch, at.time_left_s);
        (before != (self.step, self.progress, self.epoch, self.time_left_s)).then_some(())
    }

    /// Ends the training well.
    pub fn finish(&mut self, data_hash: String, metrics: ReleaseMetrics) {
        self.state = ReleaseState::Candidate;
        self.step = TrainingStep::Writing;
        self.progress = 100;
        (self.epoch, self.time_left_s) = (None, None);
        self.data_hash = data_hash;
        self.metrics = Some(metrics);
    }

    /// Ends the training badly.
    pub fn fail(&mut self, error: String) {
        self.state = ReleaseState::Failed;
        (self.epoch, self.time_left_s) = (None, None);
        self.error = Some(error);
    }

    /// Puts it to work; `None` if it is at work.
    ///
    /// # Errors
    ///
    /// [`Rule::ReleaseNotTrained`] unless it was trained well.
    pub fn publish(&mut self, now: Timestamp) -> Result<Option<()>> {
        match self.state {
            ReleaseState::Released => Ok(None),
            ReleaseState::Candidate | ReleaseState::Retired => {
                self.state = ReleaseState::Released;
                self.released_at = Some(now);
                Ok(Some(()))
            }
            ReleaseState::Training | ReleaseState::Failed => Err(Rule::ReleaseNotTrained.into()),
        }
    }

    /// Makes room for another one.
    pub fn retire(&mut self) {
        self.state = ReleaseState::Retired;
    }

    /// Whether its files are there to be used.
    pub fn is_trained(&self) -> bool {
        matches!(
            self.state,
            ReleaseState::Candidate | ReleaseState::Released | ReleaseState::Retired
        )
    }
}

/// Chooses which releases to forget so that at most `kept` stay: the oldest of
/// those that nobody needs. What is in use, what was in use before that, and what
/// is being trained stays in any case.
pub fn superfluous(releases: &[Release], kept: usize) -> Vec<Id<Release>> {
    let previous = previous(releases).map(|release| release.id);
    let mut idle: Vec<&Release> = releases
        .iter()
        .filter(|release| {
            !matches!(release.state, ReleaseState::Released | ReleaseState::Training)
                && Some(release.id) != previous
        })
        .collect();
    idle.sort_by_key(|release| release.number);
    let too_many = releases.len().saturating_sub(kept);
    idle.into_iter().take(too_many).map(|release| release.id).collect()
}

/// Finds the release that was in use before the one that is.
pub fn previous(releases: &[Release]) -> Option<&Release> {
    let retired = releases.iter().filter(|release| release.state == ReleaseState::Retired);
    retired.max_by_key(|release| (release.released_at, release.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn metrics() -> ReleaseMetrics {
        ReleaseMetrics {
            intents: 2,
            examples: 10,
            held_out_accuracy: 0.9,
            held_out_coverage: 0.8,
            calibration_error: 0.02,
            tests: Vec::new(),
        }
    }

    fn release(number: i64, state: ReleaseState, released_at: Option<i64>) -> Release {
        let begun = Release::begin(Id::new(number), number, None, second(0));
        Release { state, released_at: released_at.map(second), ..begun }
    }

    #[test]
    fn a_training_goes_forward_only() {
        let mut release = Release::begin(Id::new(1), 1, None, second(0));

        let begins = TrainingProgress::begins;
        assert_eq!(release.advance(begins(TrainingStep::Learning)), Some(()));
        assert_eq!(
            release.advance(begins(TrainingStep::Reading)),
            None,
            "it began again elsewhere"
        );
        assert_eq!((release.step, release.progress), (TrainingStep::Learning, 10));
        release.finish("ab".into(), metrics());
        assert_eq!(release.advance(begins(TrainingStep::Writing)), None, "it is over");
        assert_eq!((release.state, release.progress), (ReleaseState::Candidate, 100));
    }

    #[test]
    fn a_long_step_is_told_from_within() {
        let mut release = Release::begin(Id::new(1), 1, None, second(0));
        let at = |share, left| TrainingProgress {
            step: TrainingStep::Learning,
            share,
            epoch: Some(Epoch { number: 2, of: 8 }),
            time_left_s: Some(left),
        };

        assert_eq!(release.advance(at(0.5, 90)), Some(()));
        assert_eq!((release.progress, release.time_left_s), (45, Some(90)));
        assert_eq!(release.epoch, Some(Epoch { number: 2, of: 8 }));
        assert_eq!(release.advance(at(0.5, 90)), None, "that was known");
        assert_eq!(release.advance(at(0.1, 300)), Some(()), "it began again, and takes longer");
        assert_eq!((release.progress, release.time_left_s), (45, Some(300)));
        for share in [1.0, 7.0, f32::NAN, f32::INFINITY] {
            release.advance(at(share, 1));
            assert_eq!(release.progress.max(80), 80, "the step never leads beyond itself");
        }
        release.finish("ab".into(), metrics());
        assert_eq!((release.epoch, release.time_left_s), (None, None));
    }

    #[test]
    fn only_what_was_trained_is_put_to_work() {
        for state in [ReleaseState::Training, ReleaseState::Failed] {
            let refused = release(1, state, None).publish(second(9));
            assert!(matches!(refused, Err(Error::Refused(Rule::ReleaseNotTrained))), "{state:?}");
        }
        let mut candidate = release(1, ReleaseState::Candidate, None);

        assert_eq!(candidate.publish(second(9)).unwrap(), Some(()));
        assert_eq!(candidate.publish(second(10)).unwrap(), None);
        assert_eq!(candidate.released_at, Some(second(9)));
    }

    #[test]
    fn the_oldest_that_nobody_needs_are_forgotten() {
        let releases = [
            release(1, ReleaseState::Retired, Some(1)),
            release(2, ReleaseState::Failed, None),
            release(3, ReleaseState::Retired, Some(3)),
            release(4, ReleaseState::Released, Some(4)),
            release(5, ReleaseState::Candidate, None),
            release(6, ReleaseState::Training, None),
        ];

        assert_eq!(previous(&releases).map(|release| release.number), Some(3));
        assert_eq!(superfluous(&releases, 6), []);
        assert_eq!(superfluous(&releases, 4), [Id::new(1), Id::new(2)]);
        assert_eq!(superfluous(&releases, 0), [Id::new(1), Id::new(2), Id::new(5)]);
    }
}
