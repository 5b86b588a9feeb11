//! How far learning is, and how long it still takes.
//!
//! Learning has up to three parts of known weight; how long each really takes is seen while it runs.

use std::time::{Duration, Instant};

use dialogue::{Tier, Understanding};
use domain::{Epoch, TrainingProgress, TrainingStep};
use nlu::Learning;
use nlu::encoder::Progress;

/// A part of learning, by its place among the parts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    /// The encoder learns.
    Tuning = 0,
    /// The encoder reads the examples.
    Encoding = 1,
    /// The classifier learns.
    Fitting = 2,
}

/// Follows one run of learning.
#[derive(Debug)]
pub(super) struct Pace {
    /// The share of the time that each part takes, about.
    weights: [f32; 3],
    part: Part,
    /// When the part began in this run, and which share of it was done then.
    began: Instant,
    first: f32,
}

impl Pace {
    /// Begins to follow learning as a bot's file asks for it.
    pub(super) fn new(wanted: &Understanding, now: Instant) -> Self {
        let (weights, part) = match (wanted.tier, wanted.fine_tune) {
            (Tier::Linear, _) => ([0.0, 0.0, 1.0], Part::Fitting),
            (_, false) => ([0.0, 0.6, 0.4], Part::Encoding),
            (_, true) => ([0.9, 0.05, 0.05], Part::Tuning),
        };
        Pace { weights, part, began: now, first: 0.0 }
    }

    /// Says how far learning is when the encoder has taken a step.
    pub(super) fn tuned(&mut self, progress: &Progress, now: Instant) -> TrainingProgress {
        let share = |step: u64| step as f32 / progress.steps.max(1) as f32;
        self.first = share(progress.first_step);
        let count = |number: usize| i16::try_from(number).unwrap_or(i16::MAX);
        let epoch = Epoch { number: count(progress.epoch), of: count(progress.epochs) };
        let at = self.at(Part::Tuning, share(progress.step), now);
        TrainingProgress { epoch: Some(epoch), ..at }
    }

    /// Says how far learning is when the model has got further.
    pub(super) fn learned(&mut self, learning: Learning, now: Instant) -> TrainingProgress {
        match learning {
            Learning::Encoding(share) => self.at(Part::Encoding, share, now),
            Learning::Fitting(share) => self.at(Part::Fitting, share, now),
        }
    }

    fn at(&mut self, part: Part, done: f32, now: Instant) -> TrainingProgress {
        if part != self.part {
            // What is told first of a part is told when some of it is done; that is little.
            (self.part, self.began, self.first) = (part, now, done);
        }
        let weight = |place: usize| self.weights[place];
        let place = part as usize;
        let before: f32 = (0..place).map(weight).sum();
        let share = before + weight(place) * done;
        let after: f32 = (place + 1..self.weights.len()).map(weight).sum();
        let time_left_s = self.whole(done, now).map(|whole| {
            let left = whole.as_secs_f64() * f64::from(1.0 - done + after / weight(place));
            left.ceil() as i64
        });
        TrainingProgress { step: TrainingStep::Learning, share, epoch: None, time_left_s }
    }

    /// How long the whole part takes at the speed of this run.
    fn whole(&self, done: f32, now: Instant) -> Option<Duration> {
        let run = done - self.first;
        let elapsed = now.saturating_duration_since(self.began);
        (run > 0.0).then(|| elapsed.div_f32(run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuning() -> Understanding {
        Understanding { tier: Tier::Hybrid, encoder: Some("minilm".into()), fine_tune: true }
    }

    fn step(step: u64, first_step: u64) -> Progress {
        let (steps, epoch, epochs) = (100, 3, 4);
        Progress { step, steps, first_step, epoch, epochs, loss: 0.5, dev_accuracy: None }
    }

    #[test]
    fn time_left_follows_from_the_speed_and_counts_what_comes_after() {
        let began = Instant::now();
        let mut pace = Pace::new(&tuning(), began);

        let half = pace.tuned(&step(50, 0), began + Duration::from_secs(90));

        assert!((half.share - 0.45).abs() < 1e-6);
        // 90 s of tuning, and a ninth of the whole 180 s for what comes after.
        assert_eq!(half.time_left_s, Some(110));
    }

    #[test]
    fn what_was_done_before_an_interruption_does_not_count_as_speed() {
        let began = Instant::now();
        let mut pace = Pace::new(&tuning(), began);

        let resumed = pace.tuned(&step(60, 50), began + Duration::from_secs(10));

        assert!((resumed.share - 0.54).abs() < 1e-6);
        assert_eq!(resumed.time_left_s, Some(40 + 12));
    }

    #[test]
    fn parts_follow_each_other_without_a_step_back() {
        let began = Instant::now();
        let at = |second| began + Duration::from_secs(second);
        let mut pace = Pace::new(&Understanding { fine_tune: false, ..tuning() }, began);

        let told = [
            pace.learned(Learning::Encoding(0.5), at(6)),
            pace.learned(Learning::Encoding(1.0), at(12)),
            pace.learned(Learning::Fitting(0.25), at(14)),
            pace.learned(Learning::Fitting(0.5), at(16)),
        ];

        let shares = told.map(|at| at.share);
        assert!(shares.is_sorted() && shares[3] < 1.0, "{shares:?}");
        assert_eq!(told.map(|at| at.time_left_s), [Some(14), Some(8), None, Some(4)]);
        assert!(told.iter().all(|at| at.epoch.is_none()));
    }

    #[test]
    fn a_linear_model_has_one_part() {
        let began = Instant::now();
        let mut pace = Pace::new(&Understanding::default(), began);

        let half = pace.learned(Learning::Fitting(0.5), began + Duration::from_secs(1));

        assert_eq!((half.share, half.time_left_s), (0.5, Some(1)));
    }
}
