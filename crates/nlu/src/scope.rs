//! Whether a text has one of the model's intents at all, told from its scores.
//!
//! Each intent is told from all the rest by a score of its own, so a text of none of them scores low on every one: the
//! highest score says more than a probability, which has to give the whole of itself to somebody.

use crate::calibrate::HeldOut;

/// So many negatives are enough to choose the threshold by.
const NEGATIVES_MIN: usize = 10;
/// The share of the texts in scope that are kept when there are no negatives to choose by.
const KEPT: f32 = 0.95;
/// What the lead over the second counts beside the highest score.
const LEAD_WEIGHT: f32 = 0.5;

/// Computes the in-scope score: the highest score, and how far it leads.
pub(crate) fn score(scores: &[f32]) -> f32 {
    let (mut first, mut second) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    for &score in scores {
        if score > first {
            (first, second) = (score, first);
        } else if score > second {
            second = score;
        }
    }
    first + LEAD_WEIGHT * (first - second)
}

/// Chooses the in-scope score below which a text is taken for one of no known intent: with negatives, where the shares
/// of both that are told rightly are greatest together; without, so that few texts in scope are lost.
pub(crate) fn threshold(known: &[HeldOut], unknown: &[Vec<f32>]) -> f32 {
    let mut scores: Vec<(f32, bool)> = known.iter().map(|one| (score(&one.scores), true)).collect();
    scores.extend(unknown.iter().map(|scores| (score(scores), false)));
    scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    if unknown.len() < NEGATIVES_MIN {
        let lost = ((1.0 - KEPT) * known.len() as f32) as usize;
        let kept = scores.iter().filter(|(_, known)| *known).nth(lost);
        return kept.map_or(f32::MIN, |(score, _)| *score);
    }
    let (mut best, mut refused, mut lost) = ((f32::MIN, f32::MIN), 0usize, 0usize);
    for (score, is_known) in scores {
        let gain = refused as f32 / unknown.len() as f32 - lost as f32 / known.len().max(1) as f32;
        if gain > best.0 {
            best = (gain, score);
        }
        *(if is_known { &mut lost } else { &mut refused }) += 1;
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(scores: &[f32]) -> Vec<HeldOut> {
        scores.iter().map(|score| HeldOut { scores: vec![*score, 0.0], label: 0 }).collect()
    }

    #[test]
    fn a_text_that_leads_clearly_is_likelier_in_scope() {
        assert!(score(&[1.0, -1.0, -1.0]) > score(&[1.0, 0.9, -1.0]));
        assert!(score(&[0.1, -1.0, -1.0]) < score(&[1.0, -1.0, -1.0]));
    }

    #[test]
    fn without_negatives_one_in_twenty_in_scope_is_lost() {
        let known = known(&(0..100).map(|i| i as f32).collect::<Vec<_>>());

        let threshold = threshold(&known, &[]);

        assert_eq!(known.iter().filter(|one| score(&one.scores) < threshold).count(), 5);
    }

    #[test]
    fn with_negatives_the_threshold_parts_the_two() {
        let unknown: Vec<Vec<f32>> = (0..20).map(|i| vec![i as f32 / 100.0, 0.0]).collect();

        let threshold = threshold(&known(&[0.5, 0.6, 0.7]), &unknown);

        assert!(unknown.iter().all(|scores| score(scores) < threshold));
        assert!(score(&[0.5, 0.0]) >= threshold);
    }
}
