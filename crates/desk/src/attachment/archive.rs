//! What a zip archive says of itself, read from its directory alone.
//!
//! Nothing is ever unpacked here. An archive whose directory does not describe
//! the file exactly (something before, between or after the entries, entries
//! that overlap) is refused: two programs would see two different archives.

/// How many entries an archive may have.
const ENTRIES_MAX: usize = 2_000;
/// How much an archive may hold, unpacked.
const UNPACKED_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// How many times larger than the archive its contents may be.
const RATIO_MAX: u64 = 100;

const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const COMMENT_LEN_MAX: usize = u16::MAX as usize;
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const DIRECTORY_ENTRY_LEN: usize = 46;
const LOCAL_ENTRY: &[u8] = b"PK\x03\x04";
const LOCAL_ENTRY_LEN: usize = 30;

/// Endings of archives, which an archive must not hold in its turn.
const ARCHIVES: &[&str] = &[
    ".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", ".lzh", ".cab",
    ".iso",
];

/// Whether a file begins as a zip archive with something in it does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(LOCAL_ENTRY)
}

/// Whether a file ends as a zip archive does, whatever it begins with.
pub(super) fn ends(bytes: &[u8]) -> bool {
    find_end(bytes).is_some()
}

/// Reads the names of the entries.
///
/// # Errors
///
/// A sentence that says why the archive is refused.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, String> {
    let entries = directory(bytes).ok_or("the archive is damaged; pack it again")??;
    let unpacked: u64 = entries.iter().map(|entry| entry.unpacked).sum();
    if unpacked > UNPACKED_BYTES_MAX || unpacked > RATIO_MAX * bytes.len() as u64 {
        return Err("the archive unpacks to far more than it should; pack less into it".into());
    }
    Ok(entries.into_iter().map(|entry| entry.name).collect())
}

/// Says what is wrong with an archive that holds these entries, if anything is.
pub(super) fn objection(names: &[String]) -> Option<&'static str> {
    for name in names {
        let path = name.replace('\\', "/");
        let climbs = path.split('/').any(|part| part == "..");
        if climbs || path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') {
            return Some("the archive holds a file that would be unpacked outside its folder");
        }
        let path = path.to_ascii_lowercase();
        if ARCHIVES.iter().any(|ending| path.ends_with(ending)) {
            return Some("the archive holds another archive; send that one by itself");
        }
    }
    None
}

struct Entry {
    name: String,
    unpacked: u64,
    /// Where its data are in the file.
    from: usize,
    to: usize,
}

/// Reads the directory; `None` if it is damaged.
fn directory(bytes: &[u8]) -> Option<Result<Vec<Entry>, String>> {
    let end = find_end(bytes)?;
    let tail = &bytes[end..];
    let count = usize::from(u16_at(tail, 10)?);
    if count > ENTRIES_MAX {
        return Some(Err(format!(
            "the archive has {count} entries; at most {ENTRIES_MAX} are allowed"
        )));
    }
    let (len, start) = (u32_at(tail, 12)? as usize, u32_at(tail, 16)? as usize);
    let whole =
        u16_at(tail, 4)? == 0 && u16_at(tail, 6)? == 0 && usize::from(u16_at(tail, 8)?) == count;
    if !whole || start.checked_add(len)? != end {
        return None;
    }
    let mut entries = Vec::with_capacity(count);
    let mut at = start;
    for _ in 0..count {
        let (entry, next) = entry(bytes, at, end)?;
        entries.push(entry);
        at = next;
    }
    entries.sort_by_key(|entry| entry.from);
    let mut from = 0;
    for entry in &entries {
        if entry.from < from {
            return None;
        }
        from = entry.to;
    }
    let begins_at_once = entries.first().is_none_or(|first| first.from == 0);
    (at == end && from <= start && begins_at_once).then_some(Ok(entries))
}

/// Reads the entry at a place of the directory, and where the next one is.
fn entry(bytes: &[u8], at: usize, end: usize) -> Option<(Entry, usize)> {
    let head = bytes.get(at..end)?;
    if !head.starts_with(DIRECTORY_ENTRY) {
        return None;
    }
    let (packed, unpacked) = (u32_at(head, 20)?, u32_at(head, 24)?);
    let from = u32_at(head, 42)?;
    if [packed, unpacked, from].contains(&u32::MAX) {
        return None; // Sizes of more than 4 GiB, in a file of a few megabytes.
    }
    let name_len = usize::from(u16_at(head, 28)?);
    let next = DIRECTORY_ENTRY_LEN
        + name_len
        + usize::from(u16_at(head, 30)?)
        + usize::from(u16_at(head, 32)?);
    let name = head.get(DIRECTORY_ENTRY_LEN..DIRECTORY_ENTRY_LEN + name_len)?;

    let from = from as usize;
    let local = bytes.get(from..)?;
    if !local.starts_with(LOCAL_ENTRY) {
        return None;
    }
    let local_len =
        LOCAL_ENTRY_LEN + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
    let to = from.checked_add(local_len)?.checked_add(packed as usize)?;
    let name = String::from_utf8_lossy(name).into_owned();
    Some((Entry { name, unpacked: u64::from(unpacked), from, to }, at + next))
}

/// Finds where the end of the directory is described: a mark that is followed by
/// a comment which ends with the file.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LEN)?;
    let first = last.saturating_sub(COMMENT_LEN_MAX);
    (first..=last).rev().find(|&at| {
        bytes[at..].starts_with(END)
            && u16_at(bytes, at + 20)
                .is_some_and(|comment| at + END_LEN + usize::from(comment) == bytes.len())
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Packs entries as they are, claiming `claim` for their unpacked length.
    pub(crate) fn pack(entries: &[(&str, &[u8])], claim: Option<u32>) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for (name, data) in entries {
            let from = file.len() as u32;
            let sizes = [
                (data.len() as u32).to_le_bytes(),
                claim.unwrap_or(data.len() as u32).to_le_bytes(),
            ]
            .concat();
            let name_len = (name.len() as u16).to_le_bytes();
            file.extend(
                [LOCAL_ENTRY, &[0; 14], &sizes, &name_len, &[0; 2], name.as_bytes(), data].concat(),
            );
            let entry = [
                DIRECTORY_ENTRY,
                &[0; 16],
                &sizes,
                &name_len,
                &[0; 12],
                &from.to_le_bytes(),
                name.as_bytes(),
            ];
            directory.extend(entry.concat());
        }
        let (count, start) = ((entries.len() as u16).to_le_bytes(), file.len() as u32);
        let len = directory.len() as u32;
        let end = [END, &[0; 4], &count, &count, &len.to_le_bytes(), &start.to_le_bytes(), &[0; 2]]
            .concat();
        [file, directory, end].concat()
    }

    #[test]
    fn the_names_are_read() {
        let archive = pack(&[("a.txt", b"one"), ("b/c.txt", b"two")], None);

        assert_eq!(names(&archive).unwrap(), ["a.txt", "b/c.txt"]);
        assert!(begins(&archive) && ends(&archive));
    }

    #[test]
    fn a_bomb_is_refused_unseen() {
        let archive = pack(&[("a.txt", &[0; 1_000])], Some(200_000));

        assert!(names(&archive).unwrap_err().contains("far more"));
    }

    #[test]
    fn entries_that_share_their_data_are_refused() {
        let mut archive = pack(&[("a", &[7; 100]), ("b", &[7; 100])], None);
        let second = archive.len() - END_LEN - DIRECTORY_ENTRY_LEN - 1;
        archive[second + 42..second + 46].copy_from_slice(&[0; 4]);

        assert!(names(&archive).is_err());
    }

    #[test]
    fn what_is_before_or_after_the_archive_is_refused() {
        let archive = pack(&[("a", b"b")], None);

        assert!(names(&[b"GIF89a", archive.as_slice()].concat()).is_err());
        assert!(names(&[archive.as_slice(), b"<svg>"].concat()).is_err());
    }

    #[test]
    fn too_many_entries_are_refused_with_their_number() {
        let entries: Vec<(&str, &[u8])> = vec![("a", b""); ENTRIES_MAX + 1];

        assert!(names(&pack(&entries, None)).unwrap_err().contains("2001"));
    }

    #[test]
    fn a_damaged_archive_breaks_nothing() {
        let archive = pack(&[("a.txt", b"one"), ("b.txt", b"two")], None);

        for cut in 0..archive.len() {
            let _ = names(&archive[..cut]);
            let mut changed = archive.clone();
            changed[cut] ^= 0xFF;
            let _ = names(&changed);
        }
    }

    #[test]
    fn paths_that_climb_and_archives_within_are_objected_to() {
        for name in
            ["../a", "a/../../b", "/etc/passwd", "C:\\a.txt", "a\\..\\b", "inner.ZIP", "x.tar.gz"]
        {
            assert!(objection(&[name.to_owned()]).is_some(), "{name}");
        }
        assert_eq!(objection(&["a/b..c.txt".to_owned()]), None);
    }
}
