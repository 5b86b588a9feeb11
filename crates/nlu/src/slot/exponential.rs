//! Exponentials and logarithms of many numbers at once, in plain arithmetic that the compiler turns into vectors.
//!
//! They give the same bits on every machine, which the ones of a system's library do not promise.

const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// Adding this number leaves the nearest whole number in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// Replaces each number by its exponential; what is below −60 becomes zero, so that no product
/// of two is too small to be computed fast; what is above 88 becomes the greatest.
pub(super) fn exp_all(numbers: &mut [f32]) {
    for number in numbers {
        *number = exp(*number);
    }
}

/// Returns the exponential, to seven digits.
pub(super) fn exp(x: f32) -> f32 {
    let clamped = x.clamp(-60.0, 88.0);
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = clamped - whole * LN_2_HIGH - whole * LN_2_LOW;
    let mut sum = 1.987_569_2e-4;
    for factor in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_6e-1, 0.5] {
        sum = sum * rest + factor;
    }
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    let result = (sum * rest * rest + rest + 1.0) * power;
    // A choice between two constants costs nothing in a vector; one between two computations would break it up.
    result * if x < -60.0 { 0.0 } else { 1.0 }
}

/// Returns the natural logarithm, to seven digits; that of zero, and of what is nearly zero, is far below every score.
pub(super) fn ln(x: f32) -> f32 {
    // The power of two that leaves a factor between the root of a half and the root of two.
    let bits = x.to_bits() as i32;
    let power = (bits - 0x3f35_04f3) >> 23;
    let part = f32::from_bits((bits - (power << 23)) as u32) - 1.0;
    let square = part * part;
    let mut sum = 7.037_683_6e-2;
    for factor in [
        -1.151_461e-1,
        1.167_699_8e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ] {
        sum = sum * part + factor;
    }
    let power = power as f32;
    let rest = sum * part * square + power * LN_2_LOW - 0.5 * square;
    let result = part + rest + power * LN_2_HIGH;
    result + if x < f32::MIN_POSITIVE { super::lattice::NOTHING } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_the_library() {
        for step in -6_000..8_800 {
            let x = step as f32 / 100.0;
            let (ours, theirs) = (f64::from(exp(x)), f64::from(x).exp());

            assert!((ours / theirs - 1.0).abs() < 1e-6, "{x}: {ours}, not {theirs}");
        }
    }

    #[test]
    fn logarithms_are_those_of_the_library() {
        for step in 1..20_000 {
            let x = (step as f32 / 100.0 - 80.0).exp2();
            let (ours, theirs) = (f64::from(ln(x)), f64::from(x).ln());

            assert!(
                (ours - theirs).abs() < 1e-6 * theirs.abs().max(1.0),
                "{x}: {ours}, not {theirs}"
            );
        }
    }

    #[test]
    fn far_away_numbers_stay_numbers() {
        assert_eq!(exp(-100.0), 0.0);
        assert_eq!(exp(super::super::lattice::NOTHING), 0.0);
        assert!(exp(1e30).is_finite());
        assert!(ln(0.0) < -1e29);
    }
}
