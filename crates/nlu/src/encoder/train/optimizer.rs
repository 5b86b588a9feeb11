//! How parameters follow their slopes: AdamW, with a rate that rises and falls and differs between layers.
//!
//! Decay is decoupled from the slopes (Loshchilov and Hutter, 2019). Rows of the table of tokens move only in steps
//! in which one of the texts has the token.

use super::super::kernel::{Machine, square_sum};
use super::super::layout::Tensor;

const MEAN_KEPT: f32 = 0.9;
const SQUARE_KEPT: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// What the optimiser remembers of past slopes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Moments {
    pub(crate) mean: Vec<f32>,
    pub(crate) square: Vec<f32>,
}

/// How far one step goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stride {
    /// The number of the step, from 1.
    pub(crate) step: u64,
    pub(crate) rate: f32,
    pub(crate) decay: f32,
    /// What slopes are multiplied by, so that they are not too large together.
    pub(crate) clip: f32,
}

/// The rate of each step: it rises in a straight line, and then falls in one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    pub(crate) rate: f32,
    pub(crate) steps: u64,
    pub(crate) warm_up: u64,
}

impl Schedule {
    /// Returns the rate of a step, from 1.
    pub(crate) fn at(&self, step: u64) -> f32 {
        let share = if step <= self.warm_up {
            step as f32 / self.warm_up as f32
        } else {
            (self.steps + 1).saturating_sub(step) as f32
                / (self.steps + 1 - self.warm_up.min(self.steps)) as f32
        };
        self.rate * share
    }
}

impl Moments {
    /// Remembers nothing yet.
    pub(crate) fn new(size: usize) -> Self {
        Self { mean: vec![0.0; size], square: vec![0.0; size] }
    }

    /// Moves the numbers of some tensors. `rate_of` says how much faster or slower a level moves than the rest.
    pub(crate) fn step(
        &mut self,
        machine: &Machine,
        (numbers, slopes): (&mut [f32], &[f32]),
        tensors: &[Tensor],
        stride: Stride,
        rate_of: impl Fn(usize) -> f32,
    ) {
        for tensor in tensors {
            let own = Stride {
                rate: stride.rate * rate_of(tensor.level),
                decay: if tensor.decays() { stride.decay } else { 0.0 },
                ..stride
            };
            self.step_range(machine, (numbers, slopes), tensor.range.clone(), own);
        }
    }

    /// Moves some numbers.
    pub(crate) fn step_range(
        &mut self,
        machine: &Machine,
        (numbers, slopes): (&mut [f32], &[f32]),
        range: std::ops::Range<usize>,
        stride: Stride,
    ) {
        let numbers = &mut numbers[range.clone()];
        let mean = &mut self.mean[range.clone()];
        let square = &mut self.square[range.clone()];
        let slopes = &slopes[range];
        machine.run(
            #[inline(always)]
            || step(numbers, slopes, mean, square, stride),
        );
    }
}

#[inline(always)]
fn step(numbers: &mut [f32], slopes: &[f32], mean: &mut [f32], square: &mut [f32], stride: Stride) {
    let steps = i32::try_from(stride.step).unwrap_or(i32::MAX);
    let rate = stride.rate / (1.0 - MEAN_KEPT.powi(steps));
    let scale = 1.0 / (1.0 - SQUARE_KEPT.powi(steps)).sqrt();
    let kept = 1.0 - stride.rate * stride.decay;
    let moments = mean.iter_mut().zip(square);
    for ((number, slope), (mean, square)) in numbers.iter_mut().zip(slopes).zip(moments) {
        let slope = slope * stride.clip;
        *mean = MEAN_KEPT * *mean + (1.0 - MEAN_KEPT) * slope;
        *square = SQUARE_KEPT * *square + (1.0 - SQUARE_KEPT) * slope * slope;
        *number = *number * kept - rate * *mean / (square.sqrt() * scale + EPSILON);
    }
}

/// Returns what slopes are multiplied by so that their length is at most `longest`.
pub(crate) fn clip(machine: &Machine, parts: &[&[f32]], longest: f32) -> f32 {
    let square: f32 = parts
        .iter()
        .map(|part| {
            machine.run(
                #[inline(always)]
                || square_sum(part),
            )
        })
        .sum();
    let length = square.sqrt();
    if length > longest && length.is_finite() { longest / length } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls_in_straight_lines() {
        let schedule = Schedule { rate: 1.0, steps: 10, warm_up: 2 };

        let rates: Vec<f32> = (1..=10).map(|step| schedule.at(step)).collect();

        assert_eq!(&rates[..3], [0.5, 1.0, 8.0 / 9.0]);
        assert!(rates[2..].windows(2).all(|two| (two[0] - two[1] - 1.0 / 9.0).abs() < 1e-6));
        assert!(rates[9] > 0.0);
    }

    #[test]
    fn the_first_step_goes_as_far_as_the_rate_says_whatever_the_slope() {
        let mut numbers = [1.0, 1.0, 1.0];
        let mut moments = Moments::new(3);
        let stride = Stride { step: 1, rate: 0.1, decay: 0.0, clip: 1.0 };

        moments.step_range(&Machine::new(), (&mut numbers, &[5.0, -0.01, 0.0]), 0..3, stride);

        for (number, expected) in numbers.iter().zip([0.9, 1.1, 1.0]) {
            assert!((number - expected).abs() < 1e-4, "{number}");
        }
    }

    #[test]
    fn decay_pulls_without_a_slope() {
        let mut numbers = [2.0];
        let stride = Stride { step: 1, rate: 0.1, decay: 0.5, clip: 1.0 };

        Moments::new(1).step_range(&Machine::new(), (&mut numbers, &[0.0]), 0..1, stride);

        assert!((numbers[0] - 1.9).abs() < 1e-6);
    }

    #[test]
    fn slopes_that_are_too_long_are_cut_to_length() {
        let machine = Machine::new();

        assert!((clip(&machine, &[&[3.0], &[4.0]], 1.0) - 0.2).abs() < 1e-6);
        assert_eq!(clip(&machine, &[&[0.3], &[0.4]], 1.0), 1.0);
        assert_eq!(clip(&machine, &[&[f32::NAN]], 1.0), 1.0);
    }
}
