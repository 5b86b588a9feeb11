//! The arithmetic of judging a difference: F1 over counts, McNemar's test, quantiles.

/// Computes the mean F1 over intents of which each pair is expected and found, by number; `usize::MAX` is no intent.
///
/// An intent counts if it was expected or found.
pub(crate) fn macro_f1(pairs: impl Iterator<Item = (usize, usize)>, intents: usize) -> f64 {
    // Expected, found and right, for each intent.
    let mut counts = vec![[0u32; 3]; intents];
    for (expected, found) in pairs {
        if let Some(counts) = counts.get_mut(expected) {
            counts[0] += 1;
            counts[2] += u32::from(expected == found);
        }
        if let Some(counts) = counts.get_mut(found) {
            counts[1] += 1;
        }
    }
    let present = counts.iter().filter(|[expected, found, _]| expected + found > 0);
    let (mut sum, mut number) = (0.0, 0usize);
    for [expected, found, right] in present {
        sum += 2.0 * f64::from(*right) / f64::from(expected + found);
        number += 1;
    }
    sum / number.max(1) as f64
}

/// Computes McNemar's test on two counts of disagreements: the exact two-sided probability, and the mid-p value, which
/// is less cautious and keeps the level in practice.
pub(crate) fn mcnemar(only_first: usize, only_second: usize) -> (f64, f64) {
    let (all, fewer) = (only_first + only_second, only_first.min(only_second));
    if all == 0 {
        return (1.0, 1.0);
    }
    // The binomial distribution of one half from its tail upwards, in logarithms because 2^-n vanishes early.
    let (mut log_choose, mut tail, mut last) = (0f64, 0f64, 0f64);
    let log_whole = all as f64 * std::f64::consts::LN_2;
    for successes in 0..=fewer {
        if successes > 0 {
            log_choose += ((all - successes + 1) as f64 / successes as f64).ln();
        }
        last = (log_choose - log_whole).exp();
        tail += last;
    }
    ((2.0 * tail).min(1.0), (2.0 * tail - last).min(1.0))
}

/// Returns the value below which a share of sorted values lies.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (share * (sorted.len().max(1) - 1) as f64).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

/// Returns the mean of values and their standard deviation (of a sample); zeros for none.
pub(crate) fn mean_and_deviation(values: &[f32]) -> (f32, f32) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum();
    (mean as f32, (squares / (count - 1.0).max(1.0)).sqrt() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn macro_f1_counts_each_intent_alike() {
        let pairs = [(0, 0), (0, 1), (1, 1), (2, usize::MAX)];

        // 2/3 for the first, 2/3 for the second, nothing for the third; the fourth is not there.
        close(macro_f1(pairs.into_iter(), 4), (2.0 / 3.0 + 2.0 / 3.0) / 3.0);
        close(macro_f1(std::iter::empty(), 0), 0.0);
    }

    #[test]
    fn mcnemar_agrees_with_counting_by_hand() {
        // With one disagreement against five: (1 + 6) / 64 twice; the mid-p value leaves half of the last out, twice.
        let (exact, mid) = mcnemar(1, 5);
        close(exact, 14.0 / 64.0);
        close(mid, 8.0 / 64.0);

        assert_eq!(mcnemar(0, 0), (1.0, 1.0));
        close(mcnemar(4, 4).0, 1.0);
        close(mcnemar(4, 4).1, 1.0);
        close(mcnemar(0, 10).0, 2.0 / 1024.0);
    }

    #[test]
    fn mcnemar_bears_large_counts() {
        let (exact, mid) = mcnemar(500_000, 503_000);

        // The normal approximation gives z = 3000 / sqrt(1003000) = 2.9955, hence p = 0.00274.
        assert!((exact - 0.00274).abs() < 2e-5, "{exact}");
        assert!(mid <= exact);
    }

    #[test]
    fn quantiles_and_deviations() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0], 0.5), 2.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
        assert_eq!(mean_and_deviation(&[1.0, 3.0]), (2.0, 2f32.sqrt()));
        assert_eq!(mean_and_deviation(&[]), (0.0, 0.0));
    }
}
