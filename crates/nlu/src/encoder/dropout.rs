//! Leaving out numbers at random while training, so that the encoder does not lean on a few of them.
//!
//! Which ones are left out is a function of the seed and the place, so the way back needs no record of it, and a
//! training that goes on after an interruption leaves out the same.

/// What share of the numbers is left out, and which.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dropout {
    /// Below this a number of 32 random bits leaves out; 0 leaves out nothing.
    below: u32,
    /// What the rest is multiplied by, so that sums stay.
    factor: f32,
    seed: u32,
}

impl Dropout {
    /// Leaves out nothing.
    pub(crate) const NONE: Self = Self { below: 0, factor: 1.0, seed: 0 };

    /// Leaves out `rate` of the numbers.
    pub(crate) fn new(rate: f32, seed: u64) -> Self {
        let rate = rate.clamp(0.0, 0.9);
        Self {
            below: (f64::from(rate) * f64::from(u32::MAX)) as u32,
            factor: 1.0 / (1.0 - rate),
            seed: (seed ^ (seed >> 32)) as u32,
        }
    }

    /// Leaves out others in each part of a batch.
    pub(crate) fn part(self, number: u64) -> Self {
        Self { seed: mix(self.seed.wrapping_add(number as u32)), ..self }
    }

    /// Leaves out of the numbers that stand at a place of the encoder; on the way back, of their slopes.
    pub(crate) fn apply(self, place: usize, numbers: &mut [f32]) {
        if self.below == 0 {
            return;
        }
        let start = mix(self.seed ^ mix(place as u32 + 1));
        for (at, number) in numbers.iter_mut().enumerate() {
            let kept = mix(start.wrapping_add(at as u32)) >= self.below;
            *number *= if kept { self.factor } else { 0.0 };
        }
    }
}

/// Scatters the bits of a number.
#[inline(always)]
fn mix(x: u32) -> u32 {
    let x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    let x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asked_share_is_left_out_and_the_sum_stays() {
        let mut numbers = vec![1.0; 100_000];

        Dropout::new(0.1, 7).apply(3, &mut numbers);

        let left_out = numbers.iter().filter(|number| **number == 0.0).count();
        assert!((9_500..10_500).contains(&left_out), "{left_out}");
        assert!((numbers.iter().sum::<f32>() / 1e5 - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_same_are_left_out_again_and_others_elsewhere() {
        let left_out = |place, seed| {
            let mut numbers = vec![1.0; 1000];
            Dropout::new(0.3, seed).apply(place, &mut numbers);
            numbers
        };

        assert_eq!(left_out(1, 5), left_out(1, 5));
        assert_ne!(left_out(1, 5), left_out(2, 5));
        assert_ne!(left_out(1, 5), left_out(1, 6));
        let mut all = vec![2.0; 9];
        Dropout::NONE.apply(0, &mut all);
        assert_eq!(all, [2.0; 9]);
    }
}
