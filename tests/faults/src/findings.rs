//! What went wrong: every violation of the contract that was seen.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many violations of a kind are told in full.
const TOLD_MAX: usize = 5;

/// A way to break the contract.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Fault {
    /// Something acknowledged or told is not stored.
    Lost,
    /// Something is there twice.
    Doubled,
    /// Something is not where it was sent or said to be.
    Disordered,
    /// A counter jumps.
    Gap,
    /// Something is stored that nobody sent, or otherwise than it was sent.
    Foreign,
    /// A question without its answer in the same commit.
    Unanswered,
    /// An event that a webhook was not told, or not properly.
    Undelivered,
    /// Something took longer than it may.
    Slow,
    /// A refusal without a reason.
    Refused,
}

/// The violations seen so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    seen: Mutex<BTreeMap<Fault, (usize, Vec<String>)>>,
    any: AtomicBool,
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Fault::Lost => "lost",
            Fault::Doubled => "doubled",
            Fault::Disordered => "disordered",
            Fault::Gap => "gap",
            Fault::Foreign => "never sent",
            Fault::Unanswered => "unanswered",
            Fault::Undelivered => "undelivered",
            Fault::Slow => "slow",
            Fault::Refused => "refused",
        }
    }
}

impl Findings {
    /// Notes a violation.
    pub(crate) fn add(&self, fault: Fault, told: impl FnOnce() -> String) {
        self.any.store(true, Ordering::Relaxed);
        let mut seen = self.seen.lock().expect("nobody panics while holding it");
        let (count, texts) = seen.entry(fault).or_default();
        *count += 1;
        if texts.len() < TOLD_MAX {
            texts.push(told());
        }
    }

    /// Notes a violation unless `holds`.
    pub(crate) fn check(&self, holds: bool, fault: Fault, told: impl FnOnce() -> String) {
        if !holds {
            self.add(fault, told);
        }
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Whether something is not where, or what, a client was told that it is.
    pub(crate) fn is_anything_gone(&self) -> bool {
        [Fault::Lost, Fault::Doubled, Fault::Disordered, Fault::Gap]
            .iter()
            .any(|&fault| self.count(fault) > 0)
    }

    /// How many there are of a kind.
    pub(crate) fn count(&self, fault: Fault) -> usize {
        self.seen
            .lock()
            .expect("nobody panics while holding it")
            .get(&fault)
            .map_or(0, |(count, _)| *count)
    }

    /// Tells the first of each kind, for people.
    pub(crate) fn report(&self) -> String {
        let seen = self.seen.lock().expect("nobody panics while holding it");
        let mut report = String::new();
        for (fault, (count, texts)) in seen.iter() {
            report.push_str(&format!("{}: {count}\n", fault.name()));
            for text in texts {
                report.push_str(&format!("  {text}\n"));
            }
            if *count > texts.len() {
                report.push_str(&format!("  … and {} more\n", count - texts.len()));
            }
        }
        report
    }
}
