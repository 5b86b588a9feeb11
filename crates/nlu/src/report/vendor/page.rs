//! The vendor's report as one page.

use super::super::html::{
    Words, against_rules, document, escape, intents, pictures, section, table,
};
use super::table::{discovery, labelled, slots};
use super::{DataFile, SetResult, Task, VendorReport};
use crate::evaluate::Report;
use crate::text::Language;

impl VendorReport {
    /// Returns the files of all sets, each once, by name.
    #[must_use]
    pub fn files(&self) -> Vec<&DataFile> {
        let mut files: Vec<&DataFile> = self.sets.iter().flat_map(|set| &set.files).collect();
        files.sort_by(|a, b| a.file.cmp(&b.file));
        files.dedup();
        files
    }

    /// Draws the report as one self-contained page.
    #[must_use]
    pub fn html(&self, language: Language) -> String {
        let words = Words::of(language);
        let bench = Bench::of(language);
        let mut body = String::new();
        let sections = [
            (words.overview, bench.labels_note, self.labels_table(words, bench)),
            (bench.against, "", self.against_rules(words, bench)),
            (bench.slots, bench.slots_note, self.slots_table(words, bench)),
            (bench.discovery, bench.discovery_note, self.discovery_table(words, bench)),
        ];
        for (title, note, table) in sections {
            body += &table.map_or(String::new(), |table| section(title, note, &table));
        }
        for (set, report) in self.labelled() {
            let title = format!("{} ({}, {})", set.name, bench.task(set.task), set.part);
            let all = format!(
                "<details><summary>{}</summary>\n{}</details>\n",
                escape(bench.each),
                intents(&report.intents, words)
            );
            body += &section(&title, "", &(pictures(report, words) + &all));
        }
        body += &section(words.hash, bench.hash_note, &self.hashes(bench));
        if !self.passed_over.is_empty() {
            let names: Vec<String> = self.passed_over.iter().map(|name| escape(name)).collect();
            body += &section(bench.passed_over, "", &format!("<p>{}</p>\n", names.join(", ")));
        }
        let facts: Vec<(String, String)> = self
            .about
            .facts()
            .into_iter()
            .map(|(name, value)| (bench.fact(name).to_owned(), value))
            .collect();
        document(bench.title, &facts, words, &body)
    }

    fn labels_table(&self, words: &Words, bench: &Bench) -> Option<String> {
        let heading = [
            words.set,
            words.training,
            bench.labels,
            words.tests,
            words.leaked,
            words.accuracy,
            words.macro_f1,
            words.coverage,
            words.calibration_error,
            words.auroc,
            bench.rules,
            bench.fewer,
            bench.times,
        ];
        let rows: Vec<Vec<String>> = self
            .labelled()
            .map(|(set, report)| {
                let cells = labelled(set, report);
                let marked = cells.into_iter().enumerate().map(|(column, cell)| match column {
                    // What a buyer looks for first.
                    4 | 10 => format!("<b>{}</b>", escape(&cell)),
                    _ => escape(&cell),
                });
                let part = format!("{}, {}", bench.task(set.task), escape(&set.part));
                [format!("{} ({part})", escape(&set.name))].into_iter().chain(marked).collect()
            })
            .collect();
        (!rows.is_empty()).then(|| table(&heading, 1, rows))
    }

    fn against_rules(&self, words: &Words, bench: &Bench) -> Option<String> {
        let set = |(set, report): (&SetResult, &Report)| {
            (set.name.clone(), report.accuracy, set.rules.as_ref().map(|rules| rules.accuracy))
        };
        let sets: Vec<(String, f32, Option<f32>)> = self.labelled().map(set).collect();
        let names = [words.accuracy, bench.rules];
        (!sets.is_empty()).then(|| against_rules(&sets, bench.against, names))
    }

    fn slots_table(&self, words: &Words, bench: &Bench) -> Option<String> {
        let heading = [
            words.set,
            words.training,
            bench.kinds,
            words.tests,
            words.leaked,
            "F1",
            words.precision,
            words.recall,
            bench.exact,
            bench.lists,
            bench.fewer_slots,
            bench.times,
        ];
        let rows = self.sets.iter().filter_map(|set| Some(row(set, slots(set)?)));
        let rows: Vec<Vec<String>> = rows.collect();
        (!rows.is_empty()).then(|| table(&heading, 1, rows))
    }

    fn discovery_table(&self, words: &Words, bench: &Bench) -> Option<String> {
        let heading = [
            words.set,
            words.utterances,
            bench.labels,
            bench.groups,
            words.accuracy,
            "NMI",
            "ARI",
            bench.seconds,
        ];
        let rows = self.sets.iter().filter_map(|set| Some(row(set, discovery(set)?)));
        let rows: Vec<Vec<String>> = rows.collect();
        (!rows.is_empty()).then(|| table(&heading, 1, rows))
    }

    fn hashes(&self, bench: &Bench) -> String {
        let rows = self.files().into_iter().map(|file| {
            let hash = format!("<span class=\"mono\">{}</span>", escape(&file.sha256));
            vec![escape(&file.file), hash, file.bytes.to_string()]
        });
        table(&[bench.file, "SHA-256", bench.bytes], 2, rows)
    }
}

fn named(set: &SetResult) -> String {
    format!("{} ({})", escape(&set.name), escape(&set.part))
}

fn row<const N: usize>(set: &SetResult, cells: [String; N]) -> Vec<String> {
    [named(set)].into_iter().chain(cells.iter().map(|cell| escape(cell))).collect()
}

/// The fixed words that only this report has.
struct Bench {
    language: Language,
    title: &'static str,
    labels: &'static str,
    rules: &'static str,
    against: &'static str,
    fewer: &'static str,
    times: &'static str,
    labels_note: &'static str,
    slots: &'static str,
    slots_note: &'static str,
    kinds: &'static str,
    exact: &'static str,
    lists: &'static str,
    fewer_slots: &'static str,
    discovery: &'static str,
    discovery_note: &'static str,
    groups: &'static str,
    seconds: &'static str,
    each: &'static str,
    hash_note: &'static str,
    file: &'static str,
    bytes: &'static str,
    passed_over: &'static str,
}

const EN: Bench = Bench {
    language: Language::En,
    title: "Accuracy of language understanding",
    labels: "Labels",
    rules: "Rules, accuracy",
    against: "Beside keyword rules",
    fewer: "Mistakes: rules ÷ ours",
    times: "Training s / each µs",
    labels_note: "Percent. Each set is trained on its training part and asked its test part, with one setting for all. The keyword rules are learned from the same examples: for each label the twelve words that speak most for it, with weights, and the most frequent label where none stands. A leaked test is almost an example of the training; it measures memory.",
    slots: "Slots",
    slots_note: "Percent. A slot is right if its name, its first and its last word are right. The lists hold every value that was marked in the training part; mistakes are what F1 lacks to 100.",
    kinds: "Slots",
    exact: "All right",
    lists: "Lists, F1",
    fewer_slots: "Mistakes: lists ÷ ours",
    discovery: "Intents found without labels",
    discovery_note: "Percent. The utterances are grouped without their labels; accuracy is the share whose group is that of their label, each group standing for one label at most.",
    groups: "Groups",
    seconds: "Seconds",
    each: "Each label",
    hash_note: "sha256sum says the same of the files that were measured, if they are the same.",
    file: "File",
    bytes: "Bytes",
    passed_over: "Folders without a set, passed over",
};

const ZH: Bench = Bench {
    language: Language::Zh,
    title: "语言理解准确率报告",
    labels: "类别数",
    rules: "关键词规则准确率",
    against: "与关键词规则对比",
    fewer: "规则错误数 ÷ 模型错误数",
    times: "训练秒 / 每问微秒",
    labels_note: "单位为 %。每个数据集用训练部分训练、用测试部分提问，全部采用同一套设置。关键词规则从同样的语料中得出：每一类取最能代表它的十二个词，各有权重；一个词也没有时猜最常见的一类。“与语料近似的测试”几乎就是训练语料，只能反映记忆。",
    slots: "槽位",
    slots_note: "单位为 %。槽位名称、首词与末词都对才算对。词表收录训练部分标注过的所有取值；错误指 F1 与 100 之差。",
    kinds: "槽位数",
    exact: "整句全对",
    lists: "词表 F1",
    fewer_slots: "词表错误 ÷ 模型错误",
    discovery: "不看标注发现意图",
    discovery_note: "单位为 %。不看标注把语句分组；准确率为所在组与其标注一致的比例，每组至多对应一个标注。",
    groups: "组数",
    seconds: "秒",
    each: "各类别明细",
    hash_note: "用 sha256sum 计算手中文件，结果相同即为同一份数据。",
    file: "文件",
    bytes: "字节",
    passed_over: "未识别为数据集、已跳过的文件夹",
};

impl Bench {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::Zh => &ZH,
            Language::En => &EN,
        }
    }

    const fn task(&self, task: Task) -> &'static str {
        match (self.language, task) {
            (Language::En, task) => task.name(),
            (Language::Zh, Task::Intents) => "意图",
            (Language::Zh, Task::Sentiment) => "情感",
            (Language::Zh, Task::Slots) => "槽位",
            (Language::Zh, Task::Language) => "语种",
            (Language::Zh, Task::Discovery) => "意图发现",
        }
    }

    fn fact(&self, name: &'static str) -> &'static str {
        match (self.language, name) {
            (Language::En, name) => name,
            (Language::Zh, "version") => "版本",
            (Language::Zh, "method") => "方法",
            (Language::Zh, "seed") => "随机种子",
            (Language::Zh, "processor") => "处理器",
            (Language::Zh, "memory") => "内存",
            (Language::Zh, "system") => "系统",
            (Language::Zh, "date") => "日期",
            (Language::Zh, other) => other,
        }
    }
}
