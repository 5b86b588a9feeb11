//! All forms alike: what they carry comes back, what they are is found out, and nothing makes an importer panic.

use proptest::prelude::*;

use super::*;

fn named(files: &[(&str, &str)]) -> Vec<InFile> {
    files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect()
}

/// A small training set with everything in it that some form carries.
fn corpus() -> Corpus {
    let mut corpus = Corpus::default();
    for (intent, language, marked) in [
        ("退款", "zh", "我要退[那双鞋](product)"),
        ("退款", "zh", "退款: #1 \"快点\""),
        ("refund me", "en", "take [these shoes](product) back, please"),
        ("refund me", "en", "- yes"),
        ("refund me", "en", "null"),
    ] {
        let languages = corpus.intents.entry(intent.to_owned()).or_default();
        languages.entry(language.to_owned()).or_default().push(Utterance::parse(marked));
    }
    corpus
        .lookups
        .entry("product".into())
        .or_default()
        .extend(["shoes".to_owned(), "yes".to_owned()]);
    corpus
        .synonyms
        .entry("shoes".into())
        .or_default()
        .extend(["boots".to_owned(), "鞋子".to_owned()]);
    corpus.patterns.entry("order".into()).or_default().insert("^ZM-\\d+ *$".to_owned());
    corpus
}

/// What is left of a corpus in a form.
fn carried(corpus: &Corpus, format: Format) -> Corpus {
    let mut carried = corpus.clone();
    let with_words = matches!(format, Format::Rasa | Format::Dialogflow | Format::Botpress);
    if !with_words {
        (carried.synonyms, carried.lookups, carried.patterns) = Default::default();
    }
    for languages in carried.intents.values_mut() {
        if matches!(format, Format::Tsv | Format::Rasa) {
            let joined = std::mem::take(languages).into_values().flatten().collect();
            languages.insert(String::new(), joined);
        }
        for utterance in languages.values_mut().flatten() {
            if matches!(format, Format::Tsv | Format::Csv) {
                utterance.slots.clear();
            }
        }
    }
    carried
}

#[test]
fn every_form_gives_back_what_it_carries_and_is_recognised() {
    for format in Format::ALL {
        if format == Format::Attune {
            continue;
        }
        let exported = export(&corpus(), format);
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in &exported.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }

        let imported = import_path(folder.path(), &ImportOptions::default()).unwrap();

        assert_eq!(imported.format, format);
        assert_eq!(imported.corpus, carried(&corpus(), format), "{format}");
        let archive = vec![("export.zip".into(), pack(&exported.files).unwrap())];
        assert_eq!(
            import_files(archive, &ImportOptions::default()).unwrap(),
            imported,
            "{format} as an archive"
        );
    }
}

#[test]
fn a_form_can_be_named_and_a_language_given() {
    let files = named(&[("notes", "refund,give it back\tnow\n")]);
    let options = ImportOptions { format: Some(Format::Tsv), language: Some("en".into()) };

    let imported = import_files(files, &options).unwrap();

    let all: Vec<_> = imported.corpus.utterances().collect();
    assert_eq!(all, [("refund,give it back", "en", &Utterance::plain("now"))]);
}

#[test]
fn what_is_not_recognised_says_what_would_be() {
    let error = import_files(named(&[("notes.txt", "just a note")]), &ImportOptions::default())
        .unwrap_err();
    assert!(error.to_string().contains("name it, one of tsv, csv, jsonl, rasa"), "{error}");

    let error = import_files(Vec::new(), &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().contains("not recognised"), "{error}");
}

#[test]
fn a_bots_folder_is_a_form_too() {
    let file =
        "intent: refund\ntitle: Refund\nexamples:\n  - take [these](product) back\nanswer: Yes.\n";

    let imported =
        import_files(named(&[("intents/refund.en.yml", file)]), &ImportOptions::default()).unwrap();

    assert_eq!(imported.format, Format::Attune);
    assert_eq!(
        imported.corpus.utterances().next().unwrap().2.marked(),
        "take [these](product) back"
    );
}

#[test]
fn deep_nesting_and_aliases_do_no_harm() {
    let deep = format!(
        "{{\"intent\":\"a\",\"text\":\"b\",\"x\":{}{}}}\n",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let bomb = format!(
        "nlu:\n- &a [x, x, x, x, x, x, x, x, x]\n{}",
        (0..30)
            .map(|i| format!(
                "- &{} [*{}, *{}, *{}, *{}]\n",
                "b".repeat(i + 2),
                if i == 0 { "a".into() } else { "b".repeat(i + 1) },
                "a",
                "a",
                "a"
            ))
            .collect::<String>()
    );

    let yaml = format!("nlu: {}", "[".repeat(50_000));
    let import =
        |name: &str, text: &str| import_files(named(&[(name, text)]), &ImportOptions::default());

    assert!(import("a.jsonl", &deep).is_ok(), "what is passed over may be as deep as it likes");
    for text in [yaml, bomb] {
        assert!(import("nlu.yml", &text).is_err());
    }
}

/// Text as people write it, and as nobody should.
fn hostile_text() -> impl Strategy<Value = String> {
    "(\\[|\\]|\\(|\\)|\\{|\\}|/|=|:|\"|'|\\\\|-|#|,|;|a|B|退款| |\\[x\\]\\(y\\)|\\PC){1,20}"
}

fn any_corpus() -> impl Strategy<Value = Corpus> {
    let example = ("[a-c退 /]{1,4}", prop::sample::select(vec!["zh", "en"]), hostile_text());
    prop::collection::vec(example, 1..12).prop_map(|examples| {
        let mut builder = Builder::new();
        for (intent, language, text) in examples {
            builder.add(
                corpus::At::file(Path::new("x")),
                &intent,
                language,
                Utterance::parse(&text),
            );
        }
        builder.corpus
    })
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_again(corpus in any_corpus(), format in prop::sample::select(Format::ALL.to_vec())) {
        prop_assume!(!corpus.is_empty());
        let exported = export(&corpus, format);
        let format = if format == Format::Attune { Format::Jsonl } else { format };

        let imported = import_files(exported.files.clone(), &ImportOptions { format: Some(format), language: None });

        let left_out = exported.warnings.iter().any(|one| one.contains("left out") || one.contains("value"));
        match imported {
            Ok(imported) if !left_out => prop_assert_eq!(imported.corpus, carried(&corpus, format)),
            Ok(imported) => prop_assert!(imported.corpus.len() <= corpus.len()),
            Err(errors) => prop_assert!(left_out, "{}", errors),
        }
    }

    #[test]
    fn no_bytes_make_an_importer_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        format in prop::option::of(prop::sample::select(Format::ALL.to_vec())),
        name in prop::sample::select(vec!["x.yml", "intents/a.json", "intents/a_usersays_en.json", "intents/a.en.yml", "x.csv", "x"]),
    ) {
        let _ = import_files(vec![(name.into(), bytes)], &ImportOptions { format, language: None });
    }

    #[test]
    fn no_change_of_a_valid_document_makes_an_importer_panic(
        format in prop::sample::select(Format::ALL.to_vec()),
        packed in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        let mut files = export(&corpus(), format).files;
        if packed {
            files = vec![("export.zip".into(), pack(&files).unwrap())];
        }
        for (place, byte, kind) in changes {
            let file = place.index(files.len());
            let bytes = &mut files[file].1;
            if bytes.is_empty() {
                continue;
            }
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.truncate(at),
            }
        }

        let _ = import_files(files, &ImportOptions::default());
    }
}
