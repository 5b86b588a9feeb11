//! From hashed features to numbers, and ragged lists of such numbers.

/// Numbers the keys that a model knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Index {
    keys: Vec<u32>,
    /// Open addressing: the key in the upper half, its number plus one in the lower; a power of two at most half full.
    table: Vec<u64>,
}

impl Index {
    /// Numbers the keys that stand at least so many times in a list, and says how many times each does.
    pub(super) fn of_frequent(mut all: Vec<u32>, times_min: usize) -> (Self, Vec<u32>) {
        all.sort_unstable();
        let frequent = all.chunk_by(|a, b| a == b).filter(|same| same.len() >= times_min);
        let (keys, counts) = frequent.map(|same| (same[0], same.len() as u32)).unzip();
        (Self::new(keys), counts)
    }

    /// Numbers keys in ascending order.
    pub(super) fn new(keys: Vec<u32>) -> Self {
        let mut table = vec![0u64; (keys.len() * 2).next_power_of_two().max(2)];
        for (number, key) in (1u64..).zip(&keys) {
            let mut slot = *key as usize & (table.len() - 1);
            while table[slot] != 0 {
                slot = (slot + 1) & (table.len() - 1);
            }
            table[slot] = u64::from(*key) << 32 | number;
        }
        Self { keys, table }
    }

    pub(super) fn keys(&self) -> &[u32] {
        &self.keys
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn get(&self, key: u32) -> Option<u32> {
        let mut slot = key as usize & (self.table.len() - 1);
        loop {
            match self.table[slot] {
                0 => return None,
                entry if (entry >> 32) as u32 == key => return Some(entry as u32 - 1),
                _ => slot = (slot + 1) & (self.table.len() - 1),
            }
        }
    }
}

/// Lists of different lengths, one behind the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lists {
    items: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists {
    pub(super) fn push(&mut self, list: impl Iterator<Item = u32>) {
        self.items.extend(list);
        self.ends.push(self.items.len() as u32);
    }

    pub(super) fn get(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start as usize..self.ends[at] as usize]
    }

    /// Copies the lists without the items that are not to be kept.
    pub(super) fn filtered(&self, keep: &mut impl FnMut(u32) -> bool) -> Self {
        let mut kept = Self::default();
        for at in 0..self.ends.len() {
            kept.push(self.get(at).iter().copied().filter(|item| keep(*item)));
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_keys_are_numbered_and_found_again() {
        let (index, counts) = Index::of_frequent(vec![9, 4, 9, 7, 4, 9, 0x1_0009], 2);

        assert_eq!(index.keys(), [4, 9]);
        assert_eq!(counts, [2, 3]);
        assert_eq!([4, 9, 7, 0x1_0009].map(|key| index.get(key)), [Some(0), Some(1), None, None]);
        assert_eq!(Index::new(vec![]).get(4), None);
    }

    #[test]
    fn lists_keep_their_items_apart() {
        let mut lists = Lists::default();
        for list in [vec![1, 2], vec![], vec![3]] {
            lists.push(list.into_iter());
        }

        let odd = lists.filtered(&mut |item| item % 2 == 1);

        assert_eq!([lists.get(0), lists.get(1), lists.get(2)], [&[1, 2][..], &[], &[3]]);
        assert_eq!([odd.get(0), odd.get(1), odd.get(2)], [&[1][..], &[], &[3]]);
    }
}
