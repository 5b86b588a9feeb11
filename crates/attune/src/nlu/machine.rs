//! What this machine calls itself, for reports that somebody wants to repeat elsewhere.
//!
//! Linux tells it in `/proc` and `/etc`; elsewhere less is known, and the report says so.

use std::fs;

/// What is said where nobody can tell.
const UNKNOWN: &str = "unknown";

/// The processor's own name.
pub(super) fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    field(&info, "model name").unwrap_or(UNKNOWN).to_owned()
}

/// How many cores this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The memory in bytes; 0 if nobody can tell.
pub(super) fn memory_bytes() -> u64 {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib =
        field(&info, "MemTotal").and_then(|size| size.strip_suffix(" kB")?.trim().parse().ok());
    kib.map_or(0, |kib: u64| kib * 1_024)
}

/// The operating system and what it runs on.
pub(super) fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map_or(std::env::consts::OS, |name| name.trim_matches('"'));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{name}, {} {}", std::env::consts::ARCH, kernel.trim()).trim_end().to_owned()
}

/// The value behind the first `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    fields.find_map(|(key, value)| (key.trim() == name).then_some(value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_names() {
        let text = "processor\t: 0\nmodel name\t: Some: CPU\nMemTotal:  16 kB\n";

        assert_eq!(field(text, "model name"), Some("Some: CPU"));
        assert_eq!(field(text, "MemTotal"), Some("16 kB"));
        assert_eq!(field(text, "flags"), None);
    }
}
