//! What a training makes small, with the slopes that it sends back.
//!
//! Cross-entropy asks for the right label. The contrastive loss (Khosla et al., 2020) asks that texts of one label lie
//! near each other and far from the others, which a few examples suffice for.

/// A loss and the slopes of what it was computed from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Loss {
    pub(crate) value: f32,
    pub(crate) slopes: Vec<f32>,
}

/// Turns scores into probabilities, in place; returns the logarithm of their sum before that.
pub(crate) fn to_probabilities(scores: &mut [f32]) -> f32 {
    let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - greatest).exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
    sum.ln() + greatest
}

/// The mean cross-entropy of rows of scores, one for each label.
pub(crate) fn cross_entropy(scores: &[f32], labels: &[usize], classes: usize) -> Loss {
    let mut slopes = scores.to_vec();
    let count = labels.len().max(1) as f32;
    let mut value = 0.0;
    for ((row, scores), label) in
        slopes.chunks_exact_mut(classes).zip(scores.chunks_exact(classes)).zip(labels)
    {
        value += to_probabilities(row) - scores[*label];
        row[*label] -= 1.0;
        row.iter_mut().for_each(|slope| *slope /= count);
    }
    Loss { value: value / count, slopes }
}

/// The mean contrastive loss of vectors of length one. A text whose label no other has is not asked for anything.
pub(crate) fn contrastive(vectors: &[Vec<f32>], labels: &[usize], temperature: f32) -> Loss {
    let count = vectors.len();
    let width = vectors.first().map_or(0, Vec::len);
    // How much each pair's similarity should fall.
    let mut pairs = vec![0f32; count * count];
    let (mut value, mut asked) = (0.0, 0usize);
    for (at, row) in pairs.chunks_exact_mut(count.max(1)).enumerate() {
        let friends = labels.iter().filter(|label| **label == labels[at]).count() - 1;
        if friends == 0 {
            continue;
        }
        asked += 1;
        for (score, other) in row.iter_mut().zip(vectors) {
            *score = vectors[at].iter().zip(other).map(|(a, b)| a * b).sum::<f32>() / temperature;
        }
        row[at] = f32::NEG_INFINITY;
        let scores = row.to_vec();
        let sum = to_probabilities(row);
        for (other, score) in scores.iter().enumerate().filter(|(other, _)| *other != at) {
            if labels[other] == labels[at] {
                value += (sum - score) / friends as f32;
                row[other] -= 1.0 / friends as f32;
            }
        }
    }
    let mut slopes = vec![0f32; count * width];
    let factor = 1.0 / (temperature * asked.max(1) as f32);
    for (at, slope) in slopes.chunks_exact_mut(width.max(1)).enumerate() {
        for (other, vector) in vectors.iter().enumerate() {
            let weight = (pairs[at * count + other] + pairs[other * count + at]) * factor;
            slope.iter_mut().zip(vector).for_each(|(slope, value)| *slope += weight * value);
        }
    }
    Loss { value: value / asked.max(1) as f32, slopes }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds slopes against the difference that moving each number makes.
    fn check(at: &[f32], slopes: &[f32], value: impl Fn(&[f32]) -> f32) {
        for place in 0..at.len() {
            let moved = |by: f32| {
                let mut at = at.to_vec();
                at[place] += by;
                value(&at)
            };
            let expected = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!(
                (slopes[place] - expected).abs() < 2e-3,
                "{place}: {} and {expected}",
                slopes[place]
            );
        }
    }

    #[test]
    fn the_slopes_of_cross_entropy_are_those_of_its_curve() {
        let scores = [0.5, -1.0, 2.0, 0.1, 0.0, -0.3];

        let loss = cross_entropy(&scores, &[2, 0], 3);

        check(&scores, &loss.slopes, |scores| cross_entropy(scores, &[2, 0], 3).value);
    }

    #[test]
    fn the_slopes_of_the_contrastive_loss_are_those_of_its_curve() {
        let flat = [1.0, 0.0, 0.6, 0.8, 0.0, 1.0, -0.8, 0.6, 0.28, 0.96];
        let labels = [0, 0, 1, 1, 2];
        let value = |flat: &[f32]| {
            let vectors: Vec<Vec<f32>> = flat.chunks(2).map(<[f32]>::to_vec).collect();
            contrastive(&vectors, &labels, 0.5)
        };

        let loss = value(&flat);

        check(&flat, &loss.slopes, |flat| value(flat).value);
    }

    #[test]
    fn nothing_is_asked_of_texts_without_a_friend() {
        let loss = contrastive(&[vec![1.0, 0.0], vec![0.0, 1.0]], &[0, 1], 0.1);

        assert_eq!(loss, Loss { value: 0.0, slopes: vec![0.0; 4] });
        assert_eq!(contrastive(&[], &[], 0.1).value, 0.0);
    }
}
