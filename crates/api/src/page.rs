//! Pages: `{items, next}`, where `next` says where the next page begins.
//!
//! A cursor holds the key of the last row, so nothing is skipped or shown twice
//! while rows are added. What is in it is nobody's business but ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How many items a page has if nobody says.
const LIMIT_DEFAULT: u64 = 50;
/// How many items a page may have.
const LIMIT_MAX: u64 = 100;

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// What to ask for as `after` to get the next page; null at the end.
    pub next: Option<String>,
}

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// Checks how many items are wanted.
pub(crate) fn limit(wanted: Option<u64>) -> Result<u64> {
    match wanted.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(Error::invalid("/limit", format!("must be a whole number from 1 to {LIMIT_MAX}"))),
    }
}

/// Writes the key of a row.
pub(crate) fn encode(key: &[i64]) -> String {
    let bytes: Vec<u8> = key.iter().flat_map(|number| number.to_be_bytes()).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads the key of a row.
pub(crate) fn decode<const N: usize>(cursor: Option<&str>) -> Result<Option<[i64; N]>> {
    let Some(cursor) = cursor else { return Ok(None) };
    let wrong = || Error::invalid("/after", "is not the `next` of a page of this list");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(wrong());
    }
    let numbers: Vec<i64> = numbers.iter().map(|chunk| i64::from_be_bytes(*chunk)).collect();
    numbers.try_into().map(Some).map_err(|_| wrong())
}

impl<T> Page<T> {
    /// Makes a page of rows that were read with one more than `limit`, to know
    /// whether another page follows.
    pub(crate) fn of<R>(
        mut rows: Vec<R>,
        limit: u64,
        key: impl FnOnce(&R) -> String,
        form: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() as u64 > limit;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(key);
        Page { items: rows.into_iter().map(form).collect(), next }
    }

    /// Makes a page of rows that were read with `limit` itself, where no more can
    /// be asked for. The page after a full one may be empty.
    pub(crate) fn full<R>(
        rows: Vec<R>,
        limit: u64,
        key: impl FnOnce(&R) -> String,
        form: impl FnMut(R) -> T,
    ) -> Self {
        let next = rows.last().filter(|_| rows.len() as u64 >= limit).map(key);
        Page { items: rows.into_iter().map(form).collect(), next }
    }

    /// Cuts a page out of a list that is short enough to be read whole.
    pub(crate) fn cut<R>(
        rows: Vec<R>,
        paging: &Paging,
        id: impl Fn(&R) -> i64,
        form: impl FnMut(R) -> T,
    ) -> Result<Self> {
        let limit = limit(paging.limit)?;
        let rest: Vec<R> = match decode::<1>(paging.after.as_deref())? {
            Some([last]) => rows.into_iter().skip_while(|row| id(row) != last).skip(1).collect(),
            None => rows,
        };
        Ok(Page::of(rest, limit, |row| encode(&[id(row)]), form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        assert_eq!(decode(Some(&encode(&[-1, i64::MAX]))).unwrap(), Some([-1, i64::MAX]));
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for wrong in ["", "x", "!!", "AAAA", &encode(&[1, 2])] {
            assert!(decode::<1>(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let rows = || (1..=5).collect::<Vec<i64>>();
        let mut paging = Paging { limit: Some(2), after: None };
        let mut seen = Vec::new();
        loop {
            let page = Page::cut(rows(), &paging, |id| *id, |id| id).unwrap();
            seen.extend(page.items);
            paging.after = page.next;
            if paging.after.is_none() {
                break;
            }
        }

        assert_eq!(seen, rows());
    }

    #[test]
    fn a_limit_is_from_one_to_a_hundred() {
        assert!(limit(Some(0)).is_err() && limit(Some(101)).is_err());
        assert_eq!((limit(None).unwrap(), limit(Some(100)).unwrap()), (50, 100));
    }
}
