//! Tables: TSV (`intent<TAB>text`, no header) and CSV with a header (`intent,text[,language]`).
//!
//! Neither carries slots, synonyms or lookups; TSV carries no language either.

use std::path::Path;

use csv::{ReaderBuilder, Trim, WriterBuilder};

use super::Exported;
use super::corpus::{At, Builder, Corpus};
use super::markup::Utterance;
use crate::encoding;
use crate::training_set::parse_tsv;

/// The largest field of a table that is read, in bytes.
const FIELD_BYTES_MAX: usize = 64 * 1024;

pub(super) fn read_tsv(builder: &mut Builder, path: &Path, bytes: &[u8], language: &str) {
    match parse_tsv(path, bytes) {
        Ok(examples) => {
            for one in examples {
                builder.add(At::file(path), &one.intent, language, Utterance::plain(&one.text));
            }
        }
        Err(errors) => builder.errors.extend(Some(errors)),
    }
}

/// Finds the columns of a table by its header.
struct Columns {
    intent: usize,
    text: usize,
    language: Option<usize>,
}

impl Columns {
    fn find(header: &csv::ByteRecord) -> Option<Self> {
        let place = |names: &[&str]| {
            header.iter().position(|field| {
                let field = String::from_utf8_lossy(field).trim().to_lowercase();
                names.contains(&field.trim_start_matches('\u{feff}'))
            })
        };
        Some(Self {
            intent: place(&["intent", "label", "意图"])?,
            text: place(&["text", "utterance", "example", "文本", "说法"])?,
            language: place(&["language", "lang", "语言"]),
        })
    }
}

/// Whether the first line of a text is the header of a table.
pub(super) fn has_header(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let record: csv::ByteRecord =
        first.split(|byte| *byte == separator(bytes)).map(unquoted).collect();
    Columns::find(&record).is_some()
}

fn unquoted(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field)
}

/// What separates the fields of the first line: some spreadsheets write `;` or a tab.
fn separator(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    *[b',', b';', b'\t'].iter().find(|one| first.contains(one)).unwrap_or(&b',')
}

pub(super) fn read_csv(builder: &mut Builder, path: &Path, bytes: &[u8], language: &str) {
    if let Err(error) = encoding::check_first_line(path, bytes) {
        return builder.errors.push(error);
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(bytes))
        .flexible(true)
        .trim(Trim::Headers)
        .from_reader(bytes);
    let columns = reader.byte_headers().ok().and_then(Columns::find);
    let Some(columns) = columns else {
        return builder.error(At::line(path, 1), "has no header that names the columns intent and text: add the line `intent,text` or `intent,text,language`");
    };
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line() as usize;
        match reader.read_byte_record(&mut record) {
            Ok(true) => read_row(builder, At::line(path, line), &columns, &record, language),
            Ok(false) => return,
            Err(error) => {
                return builder.error(
                    At::line(path, line),
                    format!("cannot be read ({error}): save the table again as CSV"),
                );
            }
        }
    }
}

fn read_row(
    builder: &mut Builder,
    at: At<'_>,
    columns: &Columns,
    record: &csv::ByteRecord,
    otherwise: &str,
) {
    if record.iter().all(|field| field.trim_ascii().is_empty()) {
        return;
    }
    let field = |place: usize| -> Result<&str, String> {
        let field = record.get(place).ok_or_else(|| "the row has too few fields: fill intent and text, and put quotes around what has a separator in it".to_owned())?;
        if field.len() > FIELD_BYTES_MAX {
            return Err("a field has more than 64 KiB: look whether a quote is missing".to_owned());
        }
        std::str::from_utf8(field).map_err(|_| encoding::not_utf8(field))
    };
    let language = columns.language.map_or(Ok(otherwise), field).map(str::trim);
    match (field(columns.intent), field(columns.text), language) {
        (Ok(intent), Ok(text), Ok(language)) => {
            let language = if language.is_empty() { otherwise } else { language };
            builder.add(at, intent, language, Utterance::plain(text));
        }
        (Err(problem), _, _) | (_, Err(problem), _) | (_, _, Err(problem)) => {
            builder.error(at, problem)
        }
    }
}

pub(super) fn write_tsv(corpus: &Corpus) -> Exported {
    let mut out = String::new();
    for (intent, _, utterance) in corpus.utterances() {
        out += &format!("{}\t{}\n", intent.replace('\t', " "), utterance.text);
    }
    let told = corpus.utterances().any(|(_, language, _)| !language.is_empty());
    let languages = told.then(|| "a table without header carries no languages".to_owned());
    let warnings = languages.into_iter().chain(lost(corpus)).collect();
    Exported { files: vec![("examples.tsv".into(), out.into_bytes())], warnings }
}

pub(super) fn write_csv(corpus: &Corpus) -> Exported {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let mut write = |fields: [&str; 3]| {
        writer.write_record(fields).expect("memory takes every record of three fields");
    };
    write(["intent", "text", "language"]);
    for (intent, language, utterance) in corpus.utterances() {
        write([intent, &utterance.text, language]);
    }
    let bytes = writer.into_inner().expect("memory can always be flushed");
    Exported { files: vec![("examples.csv".into(), bytes)], warnings: lost(corpus).collect() }
}

/// What a table loses.
fn lost(corpus: &Corpus) -> impl Iterator<Item = String> {
    let slots: usize = corpus.utterances().map(|(_, _, one)| one.slots.len()).sum();
    let words = corpus.synonyms.len() + corpus.lookups.len() + corpus.patterns.len();
    let slots = (slots > 0).then(|| format!("a table carries no slots: {slots} are left out"));
    let words = (words > 0).then(|| {
        format!("a table carries no synonyms, lookups and patterns: {words} are left out")
    });
    slots.into_iter().chain(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Corpus, String> {
        let mut builder = Builder::new();
        read_csv(&mut builder, Path::new("t.csv"), text, "");
        builder
            .finish(Path::new("t.csv"))
            .map(|(corpus, _)| corpus)
            .map_err(|errors| errors.to_string())
    }

    #[test]
    fn quotes_columns_and_separators_are_understood() {
        for text in [
            "intent,text,language\nrefund,\"give it back, \"\"now\"\"\",en\n",
            "\u{feff}Language; Text ;INTENT\r\nen;\"give it back, \"\"now\"\"\";refund\r\n\r\n",
            "文本\t语言\t意图\ngive it back, \"now\"\ten\trefund\n",
        ] {
            let corpus = read(text.as_bytes()).unwrap();

            let all: Vec<_> = corpus.utterances().collect();
            assert_eq!(
                all,
                [("refund", "en", &Utterance::plain("give it back, \"now\""))],
                "{text}"
            );
        }
    }

    #[test]
    fn bad_rows_are_named_by_their_lines() {
        let error = read(b"intent,text\na,ok\nb\n,empty\nc,\"two\nlines\"\nd,\xb0\n").unwrap_err();

        for part in [
            "t.csv:3: the row has too few fields",
            "t.csv:4: the intent's name is empty",
            "t.csv:7: the line is not UTF-8",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_table_without_header_is_refused() {
        let error = read("refund,give it back\n".as_bytes()).unwrap_err();

        assert!(error.contains("t.csv:1: has no header"), "{error}");
    }
}
