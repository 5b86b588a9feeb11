//! Counts durations in a few kilobytes, to within 1.6 %.

use std::time::Duration;

use serde_json::{Value, json};

/// Steps within each doubling.
const STEPS: usize = 64;
/// Durations up to 2^32 µs, more than an hour.
const DOUBLINGS: usize = 27;

/// How often each duration was seen.
#[derive(Clone)]
pub(super) struct Histogram {
    counts: Vec<u32>,
    total: u64,
    max_us: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: vec![0; STEPS * DOUBLINGS], total: 0, max_us: 0 }
    }
}

impl Histogram {
    /// Counts a duration.
    pub(super) fn add(&mut self, duration: Duration) {
        let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let last = self.counts.len() - 1;
        self.counts[place(us).min(last)] += 1;
        self.total += 1;
        self.max_us = self.max_us.max(us);
    }

    /// How many durations were counted.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The duration that a share of all durations does not exceed, in milliseconds.
    pub(super) fn quantile_ms(&self, share: f64) -> f64 {
        let wanted = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        for (place, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted {
                return (end_us(place).min(self.max_us)) as f64 / 1_000.0;
            }
        }
        0.0
    }

    /// What reports say of it.
    pub(super) fn summary(&self) -> Value {
        let ms = |share| (self.quantile_ms(share) * 1_000.0).round() / 1_000.0;
        json!({ "p50": ms(0.5), "p90": ms(0.9), "p99": ms(0.99), "max": self.max_us as f64 / 1_000.0 })
    }
}

/// Below `STEPS` each microsecond has its place; above, each doubling has `STEPS` places.
fn place(us: u64) -> usize {
    if us < STEPS as u64 {
        return us as usize;
    }
    let doubling = (us.ilog2() - STEPS.ilog2()) as usize;
    let step = (us >> doubling) as usize - STEPS;
    (doubling + 1) * STEPS + step
}

/// The last microsecond that a place counts.
fn end_us(place: usize) -> u64 {
    let (doubling, step) = (place / STEPS, place % STEPS);
    if doubling == 0 {
        return step as u64;
    }
    (((STEPS + step + 1) as u64) << (doubling - 1)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_is_found_where_it_was_put() {
        for us in (0..5_000).chain([1 << 20, 123_456_789]) {
            let end = end_us(place(us));

            assert!(end >= us && end as f64 <= us as f64 * 1.016 + 1.0, "{us} became {end}");
        }
    }

    #[test]
    fn quantiles_are_those_of_the_durations() {
        let mut histogram = Histogram::default();
        for ms in 1..=1_000 {
            histogram.add(Duration::from_millis(ms));
        }

        assert!((histogram.quantile_ms(0.5) - 500.0).abs() < 9.0);
        assert!((histogram.quantile_ms(0.99) - 990.0).abs() < 17.0);
        assert!((histogram.quantile_ms(1.0) - 1_000.0).abs() < f64::EPSILON);
    }
}
