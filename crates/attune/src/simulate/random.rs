//! Choices that look random and can be made again: SplitMix64. Never for secrets.

use uuid::Uuid;

/// A sequence of choices.
pub(super) struct Random(u64);

impl Random {
    /// Begins a sequence; each visitor has one of its own.
    pub(super) fn new(seed: u64, visitor: u64) -> Self {
        let mut random = Random(seed);
        Random(random.draw() ^ visitor.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Begins another sequence, which continues neither this one nor any other.
    pub(super) fn split(&mut self) -> Self {
        Random(self.draw())
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.draw() % end as u64) as usize
    }

    /// A name for a message that no other one has.
    pub(super) fn client_id(&mut self) -> Uuid {
        let (high, low) = (self.draw(), self.draw());
        uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
            .into_uuid()
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
