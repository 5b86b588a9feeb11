//! Functions of rows, each with the derivative that training needs: sums, softmax, normalisation, activations.
//!
//! They are written so that the compiler makes wide instructions of them when they run inside
//! [`Machine::run`](super::Machine::run), which is why all of them are inlined there.

/// Partial sums side by side, so that a sum need not wait for its last term.
const LANES: usize = 16;

/// What a layer applies to each number of its widest part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    /// x · Φ(x), with the error function.
    Gelu,
    /// The form of the same that uses a hyperbolic tangent.
    GeluTanh,
    /// The greater of x and zero.
    Relu,
}

/// Rows after normalisation, as the derivative needs them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Normed {
    /// The rows with mean 0 and variance 1.
    pub(crate) values: Vec<f32>,
    /// One divided by each row's standard deviation.
    pub(crate) scales: Vec<f32>,
}

/// e to the power of x, to within two units of the last place.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding this number rounds to a whole one, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let power = 1.987_569_1e-4;
    let power = power * rest + 1.398_2e-3;
    let power = power * rest + 8.333_452e-3;
    let power = power * rest + 4.166_579_6e-2;
    let power = power * rest + 1.666_666_5e-1;
    let power = power * rest + 5.000_000_3e-1;
    let power = power * rest * rest + rest + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    power * f32::from_bits(exponent)
}

/// The share of a normal distribution below x (Abramowitz and Stegun 7.1.26), and its density there.
#[inline(always)]
fn normal(x: f32) -> (f32, f32) {
    let half = exp(-0.5 * x * x);
    let t = 1.0 / (1.0 + 0.327_591_1 * std::f32::consts::FRAC_1_SQRT_2 * x.abs());
    let tail = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_7) * t - 0.284_496_74) * t
        + 0.254_829_6)
        * t
        * half
        * 0.5;
    (if x < 0.0 { tail } else { 1.0 - tail }, half * 0.398_942_3)
}

#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// The argument of the tangent, and its derivative.
#[inline(always)]
fn tangent_argument(x: f32) -> (f32, f32) {
    const ROOT: f32 = 0.797_884_6;
    (ROOT * (x + 0.044_715 * x * x * x), ROOT * (1.0 + 0.134_145 * x * x))
}

/// Applies the activation to each number.
#[inline(always)]
pub(crate) fn activate(kind: Activation, from: &[f32], to: &mut [f32]) {
    match kind {
        Activation::Gelu => map(from, to, |x| x * normal(x).0),
        Activation::GeluTanh => map(from, to, |x| 0.5 * x * (1.0 + tanh(tangent_argument(x).0))),
        Activation::Relu => map(from, to, |x| x.max(0.0)),
    }
}

/// Multiplies each slope by the derivative of the activation at its number.
#[inline(always)]
pub(crate) fn activate_back(kind: Activation, at: &[f32], slopes: &mut [f32]) {
    match kind {
        Activation::Gelu => scale(at, slopes, |x| {
            let (share, density) = normal(x);
            share + x * density
        }),
        Activation::GeluTanh => scale(at, slopes, |x| {
            let (argument, slope) = tangent_argument(x);
            let tangent = tanh(argument);
            0.5 * (1.0 + tangent) + 0.5 * x * (1.0 - tangent * tangent) * slope
        }),
        Activation::Relu => scale(at, slopes, |x| if x > 0.0 { 1.0 } else { 0.0 }),
    }
}

#[inline(always)]
fn map(from: &[f32], to: &mut [f32], function: impl Fn(f32) -> f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = function(*from);
    }
}

#[inline(always)]
fn scale(at: &[f32], slopes: &mut [f32], function: impl Fn(f32) -> f32) {
    for (slope, at) in slopes.iter_mut().zip(at) {
        *slope *= function(*at);
    }
}

/// Sums `function` of two rows, in a fixed order.
#[inline(always)]
fn sum_of(a: &[f32], b: &[f32], function: impl Fn(f32, f32) -> f32) -> f32 {
    let mut sums = [0f32; LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += function(*a, *b);
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| function(*a, *b)).sum();
    sums.iter().sum::<f32>() + rest
}

/// Sums the squares of numbers.
#[inline(always)]
pub(crate) fn square_sum(values: &[f32]) -> f32 {
    sum_of(values, values, |a, b| a * b)
}

/// Adds numbers to others.
#[inline(always)]
pub(crate) fn add(to: &mut [f32], from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// Adds a bias to each row.
#[inline(always)]
pub(crate) fn add_bias(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        add(row, bias);
    }
}

/// Adds the sum of the rows to `sums`: the derivative of a bias.
#[inline(always)]
pub(crate) fn column_sums(rows: &[f32], sums: &mut [f32]) {
    for row in rows.chunks_exact(sums.len()) {
        add(sums, row);
    }
}

/// Makes probabilities of each row of scores times `factor`.
#[inline(always)]
pub(crate) fn softmax(rows: &mut [f32], width: usize, factor: f32) {
    for row in rows.chunks_exact_mut(width) {
        let greatest = row.iter().fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
        for value in row.iter_mut() {
            *value = exp((*value - greatest) * factor);
        }
        let inverse = 1.0 / sum_of(row, row, |a, _| a);
        for value in row.iter_mut() {
            *value *= inverse;
        }
    }
}

/// Turns slopes of the probabilities into slopes of the scores.
#[inline(always)]
pub(crate) fn softmax_back(probabilities: &[f32], slopes: &mut [f32], width: usize, factor: f32) {
    for (row, slopes) in probabilities.chunks_exact(width).zip(slopes.chunks_exact_mut(width)) {
        let mean = sum_of(row, slopes, |a, b| a * b);
        for (slope, probability) in slopes.iter_mut().zip(row) {
            *slope = (*slope - mean) * probability * factor;
        }
    }
}

/// Normalises each row of `rows` in place, to mean 0 and variance 1, then times `weight` plus `bias`.
#[inline(always)]
pub(crate) fn normalise(
    rows: &mut [f32],
    weight: &[f32],
    bias: &[f32],
    epsilon: f32,
    normed: &mut Normed,
) {
    let width = weight.len();
    normed.values.resize(rows.len(), 0.0);
    normed.scales.resize(rows.len() / width, 0.0);
    let kept = normed.values.chunks_exact_mut(width).zip(&mut normed.scales);
    for (row, (kept, scale)) in rows.chunks_exact_mut(width).zip(kept) {
        let mean = sum_of(row, row, |a, _| a) / width as f32;
        let variance = sum_of(row, row, |a, _| (a - mean) * (a - mean)) / width as f32;
        *scale = 1.0 / (variance + epsilon).sqrt();
        let scale = *scale;
        let numbers = row.iter_mut().zip(kept).zip(weight.iter().zip(bias));
        for ((value, kept), (weight, bias)) in numbers {
            *kept = (*value - mean) * scale;
            *value = *kept * weight + bias;
        }
    }
}

/// Turns slopes of normalised rows into slopes of what was normalised, and adds up those of weight and bias.
#[inline(always)]
pub(crate) fn normalise_back(
    normed: &Normed,
    weight: &[f32],
    slopes: &mut [f32],
    weight_slopes: &mut [f32],
    bias_slopes: &mut [f32],
) {
    let width = weight.len();
    let kept = normed.values.chunks_exact(width).zip(&normed.scales);
    for (slopes, (kept, scale)) in slopes.chunks_exact_mut(width).zip(kept) {
        for ((slope, kept), sum) in slopes.iter().zip(kept).zip(weight_slopes.iter_mut()) {
            *sum += slope * kept;
        }
        add(bias_slopes, slopes);
        for (slope, weight) in slopes.iter_mut().zip(weight) {
            *slope *= weight;
        }
        let mean = sum_of(slopes, slopes, |a, _| a) / width as f32;
        let along = sum_of(slopes, kept, |a, b| a * b) / width as f32;
        for (slope, kept) in slopes.iter_mut().zip(kept) {
            *slope = (*slope - mean - kept * along) * scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Activation; 3] = [Activation::Gelu, Activation::GeluTanh, Activation::Relu];

    #[test]
    fn exp_is_close_to_the_standard_one_everywhere() {
        for step in -8600..8700 {
            let x = step as f32 / 100.0;

            let relative = (f64::from(exp(x)) / f64::from(x).exp() - 1.0).abs();

            assert!(relative < 5e-7, "{x}: {relative}");
        }
        assert!(exp(-1e9) < 1e-37 && exp(1e9).is_finite());
    }

    #[test]
    fn gelu_matches_known_values() {
        let known = [
            (-3.0, -0.004_049_7),
            (-1.0, -0.158_655_3),
            (0.0, 0.0),
            (0.5, 0.345_731_2),
            (2.0, 1.954_499_7),
        ];
        for (x, expected) in known {
            let mut value = [0.0];

            activate(Activation::Gelu, &[x], &mut value);

            assert!((value[0] - expected).abs() < 1e-6, "{x}: {}", value[0]);
        }
    }

    #[test]
    fn the_slope_of_an_activation_is_that_of_its_curve() {
        for kind in KINDS {
            for step in -60..60 {
                let x = step as f32 / 10.0 + 0.05;
                let (mut above, mut below, mut slope) = ([0.0], [0.0], [1.0]);

                activate(kind, &[x + 1e-2], &mut above);
                activate(kind, &[x - 1e-2], &mut below);
                activate_back(kind, &[x], &mut slope);

                assert!((slope[0] - (above[0] - below[0]) / 2e-2).abs() < 2e-4, "{kind:?} at {x}");
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one_even_of_large_scores() {
        let mut rows = [1e4, -1e4, 0.0, 3.0, 3.0, 3.0];

        softmax(&mut rows, 3, 0.5);

        assert!((rows[..3].iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(rows[3..].iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-6));
    }

    #[test]
    fn a_normalised_row_has_mean_zero_and_variance_one() {
        let mut row: Vec<f32> = (0..37).map(|n| (n * n % 17) as f32 + 100.0).collect();
        let (weight, bias) = (vec![1.0; 37], vec![0.0; 37]);

        normalise(&mut row, &weight, &bias, 1e-12, &mut Normed::default());

        assert!(row.iter().sum::<f32>().abs() < 1e-3);
        assert!((square_sum(&row) / 37.0 - 1.0).abs() < 1e-4);
    }
}
