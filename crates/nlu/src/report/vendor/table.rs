//! The vendor's report on a terminal.

use std::fmt;

use super::{About, SetResult, Task, VendorReport};
use crate::evaluate::Report;
use crate::report::Table;
use crate::report::text::percent;

/// What stands where there is no figure.
const NONE: &str = "–";

impl Task {
    /// Returns the name that stands in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intents => "intents",
            Self::Sentiment => "sentiment",
            Self::Slots => "slots",
            Self::Language => "language",
            Self::Discovery => "discovery",
        }
    }
}

impl About {
    /// The lines below a title.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let memory = match self.memory_bytes {
            0 => NONE.to_owned(),
            bytes => format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30)),
        };
        vec![
            ("version", self.version.clone()),
            ("method", self.method.clone()),
            ("seed", self.seed.to_string()),
            ("processor", format!("{} × {}", self.cpu, self.cores)),
            ("memory", memory),
            ("system", self.system.clone()),
            ("date", self.date.clone()),
        ]
    }
}

impl VendorReport {
    pub(super) fn labelled(&self) -> impl Iterator<Item = (&SetResult, &Report)> {
        self.sets.iter().filter_map(|set| Some((set, set.report.as_ref()?)))
    }
}

/// The cells behind the name of a labelled set, in the order of every heading.
pub(super) fn labelled(set: &SetResult, report: &Report) -> [String; 12] {
    let rules = set.rules.as_ref();
    let scope = report.out_of_scope.as_ref();
    [
        set.examples.to_string(),
        set.classes.to_string(),
        set.tests.to_string(),
        set.leaked.to_string(),
        percent(report.accuracy),
        percent(report.macro_f1),
        percent(report.coverage_at_95_precision),
        percent(report.calibration_error),
        scope.map_or(NONE.to_owned(), |scope| percent(scope.auroc)),
        rules.map_or(NONE.to_owned(), |rules| percent(rules.accuracy)),
        rules
            .and_then(|rules| rules.errors_ratio)
            .map_or(NONE.to_owned(), |ratio| format!("{ratio:.1}")),
        format!("{:.2} / {:.0}", set.train_s, set.us_per_query),
    ]
}

/// The cells behind the name of a set of slots.
pub(super) fn slots(set: &SetResult) -> Option<[String; 11]> {
    let report = set.slots.as_ref()?;
    let overall = &report.overall;
    let [f1, precision, recall, exact] =
        [overall.f1, overall.precision, overall.recall, report.exact]
            .map(|share| percent(share as f32));
    let counts = [set.examples, set.classes, set.tests, set.leaked].map(|one| one.to_string());
    let [examples, classes, tests, leaked] = counts;
    let times = format!("{:.2} / {:.0}", set.train_s, set.us_per_query);
    let by_lists = set.lists.as_ref().map_or(0.0, |lists| lists.overall.f1);
    let ratio = match overall.f1 < 1.0 {
        true => format!("{:.1}", (1.0 - by_lists) / (1.0 - overall.f1)),
        false => NONE.to_owned(),
    };
    let lists = percent(by_lists as f32);
    Some([examples, classes, tests, leaked, f1, precision, recall, exact, lists, ratio, times])
}

/// The cells behind the name of a set whose labels were to be found again.
pub(super) fn discovery(set: &SetResult) -> Option<[String; 7]> {
    let found = set.discovery.as_ref()?;
    let [accuracy, nmi] = [found.accuracy, found.nmi].map(|share| percent(share as f32));
    Some([
        set.tests.to_string(),
        set.classes.to_string(),
        found.groups.to_string(),
        accuracy,
        nmi,
        percent(found.ari as f32),
        format!("{:.2}", set.train_s),
    ])
}

impl fmt::Display for VendorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.about.facts() {
            writeln!(f, "{name:<10} {value}")?;
        }
        let mut tables = [
            Table::new(&[
                "set",
                "part",
                "task",
                ">examples",
                ">labels",
                ">tests",
                ">leaked",
                ">accuracy",
                ">macro-F1",
                ">covered",
                ">ECE",
                ">AUROC",
                ">rules",
                ">÷ errors",
                ">train s / µs",
            ]),
            Table::new(&[
                "slots",
                "part",
                ">examples",
                ">slots",
                ">tests",
                ">leaked",
                ">F1",
                ">precision",
                ">recall",
                ">all right",
                ">lists F1",
                ">÷ errors",
                ">train s / µs",
            ]),
            Table::new(&[
                "discovery",
                "part",
                ">utterances",
                ">labels",
                ">groups",
                ">accuracy",
                ">NMI",
                ">ARI",
                ">s",
            ]),
        ];
        for (set, report) in self.labelled() {
            let named = [set.name.clone(), set.part.clone(), set.task.name().to_owned()];
            tables[0].row(named.into_iter().chain(labelled(set, report)));
        }
        for set in &self.sets {
            let named = [set.name.clone(), set.part.clone()];
            if let Some(cells) = slots(set) {
                tables[1].row(named.clone().into_iter().chain(cells));
            }
            if let Some(cells) = discovery(set) {
                tables[2].row(named.into_iter().chain(cells));
            }
        }
        for table in tables.iter().filter(|table| !table.is_empty()) {
            write!(f, "\n{table}")?;
        }
        writeln!(f, "\nSHA-256 of the files")?;
        for file in self.files() {
            writeln!(f, "{}  {}", file.sha256, file.file)?;
        }
        if !self.passed_over.is_empty() {
            writeln!(f, "\nno set, passed over: {}", self.passed_over.join(", "))?;
        }
        Ok(())
    }
}
