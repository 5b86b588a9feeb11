//! Products against their definition.

use proptest::prelude::*;

use super::*;

fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut random = crate::solver::Random::new(seed);
    let mut order: Vec<u32> = (0..count as u32).collect();
    random.shuffle(&mut order);
    order.iter().map(|n| *n as f32 / count.max(1) as f32 - 0.5).collect()
}

fn plainly(left: &[f32], right: &[f32], rows: usize, depth: usize, width: usize) -> Vec<f32> {
    let cell = |row: usize, column: usize| -> f32 {
        (0..depth).map(|k| left[row * depth + k] * right[k * width + column]).sum()
    };
    (0..rows * width).map(|at| cell(at / width, at % width)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_product_is_what_the_definition_says(rows in 1usize..40, depth in 1usize..50, width in 1usize..90) {
        let left = numbers(rows * depth, 1);
        let right = numbers(depth * width, 2);
        let expected = plainly(&left, &right, rows, depth, width);
        let mut machine = Machine::new();

        let mut plain = vec![f32::NAN; rows * width];
        let packed = Packed::pack(View::rows(&right, width), depth, width);
        machine.multiply(rows, View::rows(&left, depth), &packed, (&mut plain, width), false);
        let mut twice = plain.clone();
        machine.multiply(rows, View::rows(&left, depth), &packed, (&mut twice, width), true);

        for ((plain, twice), expected) in plain.iter().zip(&twice).zip(&expected) {
            prop_assert!((plain - expected).abs() < 1e-4);
            prop_assert!((twice - 2.0 * expected).abs() < 2e-4);
        }
    }

    #[test]
    fn a_factor_may_lie_on_its_side(rows in 1usize..30, depth in 1usize..40, width in 1usize..70) {
        let left = numbers(rows * depth, 3);
        let right = numbers(depth * width, 4);
        let turned_left: Vec<f32> = (0..left.len()).map(|at| left[at % rows * depth + at / rows]).collect();
        let turned_right: Vec<f32> = (0..right.len()).map(|at| right[at % depth * width + at / depth]).collect();
        let expected = plainly(&left, &right, rows, depth, width);
        let mut machine = Machine::new();

        let mut product = vec![0.0; rows * width];
        let left = View::rows(&turned_left, rows).transposed();
        let right = View::rows(&turned_right, depth).transposed();
        machine.multiply_once(rows, left, (right, depth, width), (&mut product, width), false);

        for (product, expected) in product.iter().zip(&expected) {
            prop_assert!((product - expected).abs() < 1e-4);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whole_numbers_are_as_near_as_their_scales_let_them(rows in 1usize..40, depth in 1usize..500, width in 1usize..90) {
        let left = numbers(rows * depth, 7);
        let right = numbers(depth * width, 8);
        let bias = numbers(width, 9);
        let expected = plainly(&left, &right, rows, depth, width);
        let mut machine = Machine::new();
        let Some(whole) = Whole::pack(View::rows(&right, width), depth, width) else { return Ok(()) };

        let mut product = vec![f32::NAN; rows * width];
        machine.multiply_whole(&left, &whole, &bias, &mut product);
        let mut alone = vec![f32::NAN; width];
        machine.multiply_whole(&left[..depth], &whole, &bias, &mut alone);

        // Each factor is off by half a step at most, of which there are 127 up to a half.
        let step = 0.5 / 127.0;
        let off = (0.5 * step + 0.5 * step / 2.0) * depth as f32 + 1e-4;
        for (at, (product, expected)) in product.iter().zip(&expected).enumerate() {
            prop_assert!((product - expected - bias[at % width]).abs() <= off, "{product} {expected}");
        }
        prop_assert_eq!(&product[..width], &alone[..], "a row does not depend on its company");
    }
}

#[test]
fn many_rows_are_multiplied_in_groups() {
    let (rows, depth, width) = (700, 900, 3);
    let left = numbers(rows * depth, 5);
    let right = numbers(depth * width, 6);
    let mut machine = Machine::new();

    let mut product = vec![0.0; rows * width];
    let once = (View::rows(&right, width), depth, width);
    machine.multiply_once(rows, View::rows(&left, depth), once, (&mut product, width), false);

    let expected = plainly(&left, &right, rows, depth, width);
    assert!(product.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-3));
}
