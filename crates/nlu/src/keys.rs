//! The hashed n-grams that a model knows, and where each of them stands.

/// A hashed n-gram.
pub(crate) type Key = u32;

/// Keys, ascending, and an index over them: open addressing, at most half full.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keys {
    keys: Vec<Key>,
    /// A place plus one in each slot, or 0; a power of two of them.
    slots: Vec<u32>,
}

impl Keys {
    /// Indexes keys, which are ascending.
    pub(crate) fn new(keys: Vec<Key>) -> Self {
        let slots = vec![0; (keys.len() * 2).next_power_of_two().max(2)];
        let mut indexed = Self { keys, slots };
        for place in 0..indexed.keys.len() {
            let mut slot = indexed.slot_of(indexed.keys[place]);
            while indexed.slots[slot] != 0 {
                slot = indexed.after(slot);
            }
            indexed.slots[slot] = place as u32 + 1;
        }
        indexed
    }

    /// The keys, ascending.
    pub(crate) fn all(&self) -> &[Key] {
        &self.keys
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns how many bytes of memory they take.
    pub(crate) fn bytes(&self) -> usize {
        (self.keys.len() + self.slots.len()) * 4
    }

    /// Finds where a key stands.
    pub(crate) fn place(&self, key: Key) -> Option<u32> {
        let mut slot = self.slot_of(key);
        loop {
            match self.slots[slot] {
                0 => return None,
                place if self.keys[place as usize - 1] == key => return Some(place - 1),
                _ => slot = self.after(slot),
            }
        }
    }

    fn slot_of(&self, key: Key) -> usize {
        // Some bits of a key may name its kind; the product spreads all of them over the upper ones.
        let spread = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (spread >> (64 - self.slots.len().trailing_zeros())) as usize
    }

    fn after(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_where_it_stands_and_no_other() {
        for count in [0u32, 1, 2, 3, 1_000] {
            let keys = Keys::new((0..count).map(|n| n * 8).collect());

            for n in 0..count {
                assert_eq!(keys.place(n * 8), Some(n));
                assert_eq!(keys.place(n * 8 + 1), None);
            }
            assert_eq!(keys.place(u32::MAX), None);
        }
    }
}
