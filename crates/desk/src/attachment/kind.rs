//! What a file may be, and what it is: its content, the ending of its name and
//! the type that its sender declared must say the same.
//!
//! The list is short on purpose. Whatever a browser could run (SVG, HTML, XML,
//! scripts) is not on it.

use domain::{Error, Result, clean_line};
use image::ImageFormat;
use unicode_segmentation::UnicodeSegmentation as _;

use super::archive;

/// How long a name may be, in characters.
const NAME_CHARS_MAX: usize = 120;
/// How much of a text is looked at for markup.
const MARKUP_BYTES_MAX: usize = 4_096;

/// A kind of file that may be sent.
#[derive(Debug)]
pub(super) struct Kind {
    endings: &'static [&'static str],
    /// What it is called on the wire.
    pub(super) content_type: &'static str,
    /// What senders call it beside that.
    also_declared: &'static [&'static str],
    form: Form,
}

/// How to tell, and how to treat, a kind of file.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// A picture, which is decoded and encoded anew.
    Picture(ImageFormat),
    /// Known by its first bytes; `infer`'s name for it.
    Signed(&'static str),
    /// A zip archive.
    Archive,
    /// An office document: a zip archive that has this entry.
    Office(&'static str),
    /// Characters.
    Text,
}

const KINDS: &[Kind] = &[
    Kind {
        endings: &["png"],
        content_type: "image/png",
        also_declared: &[],
        form: Form::Picture(ImageFormat::Png),
    },
    Kind {
        endings: &["jpg", "jpeg"],
        content_type: "image/jpeg",
        also_declared: &["image/jpg", "image/pjpeg"],
        form: Form::Picture(ImageFormat::Jpeg),
    },
    Kind {
        endings: &["gif"],
        content_type: "image/gif",
        also_declared: &[],
        form: Form::Picture(ImageFormat::Gif),
    },
    Kind {
        endings: &["webp"],
        content_type: "image/webp",
        also_declared: &[],
        form: Form::Picture(ImageFormat::WebP),
    },
    Kind {
        endings: &["pdf"],
        content_type: "application/pdf",
        also_declared: &["application/x-pdf"],
        form: Form::Signed("application/pdf"),
    },
    Kind {
        endings: &["txt", "log"],
        content_type: "text/plain",
        also_declared: &[],
        form: Form::Text,
    },
    Kind {
        endings: &["csv"],
        content_type: "text/csv",
        also_declared: &["text/plain", "application/csv", "application/vnd.ms-excel"],
        form: Form::Text,
    },
    Kind {
        endings: &["docx"],
        content_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        also_declared: &[],
        form: Form::Office("word/document.xml"),
    },
    Kind {
        endings: &["xlsx"],
        content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        also_declared: &[],
        form: Form::Office("xl/workbook.xml"),
    },
    Kind {
        endings: &["pptx"],
        content_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        also_declared: &[],
        form: Form::Office("ppt/presentation.xml"),
    },
    Kind {
        endings: &["zip"],
        content_type: "application/zip",
        also_declared: &["application/x-zip-compressed", "application/x-zip"],
        form: Form::Archive,
    },
    Kind {
        endings: &["mp3"],
        content_type: "audio/mpeg",
        also_declared: &["audio/mp3", "audio/x-mpeg"],
        form: Form::Signed("audio/mpeg"),
    },
    Kind {
        endings: &["m4a"],
        content_type: "audio/mp4",
        also_declared: &["audio/m4a", "audio/x-m4a"],
        form: Form::Signed("audio/m4a"),
    },
    Kind {
        endings: &["wav"],
        content_type: "audio/wav",
        also_declared: &["audio/x-wav", "audio/wave", "audio/vnd.wave"],
        form: Form::Signed("audio/x-wav"),
    },
    Kind {
        endings: &["ogg", "oga"],
        content_type: "audio/ogg",
        also_declared: &["application/ogg"],
        form: Form::Signed("audio/ogg"),
    },
    Kind {
        endings: &["mp4"],
        content_type: "video/mp4",
        also_declared: &[],
        form: Form::Signed("video/mp4"),
    },
    Kind {
        endings: &["webm"],
        content_type: "video/webm",
        also_declared: &["audio/webm"],
        form: Form::Signed("video/webm"),
    },
];

/// A name that was cleaned: one line without a path, with an ending.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Name {
    /// The whole name.
    pub(super) text: String,
    ending: String,
}

impl Name {
    /// Cleans a name that a stranger gave. Whatever looks like a path is cut off,
    /// and what would mislead a reader or a file system is taken out.
    pub(super) fn clean(name: &str) -> Result<Self> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let kept: String = last.chars().filter(|&c| !is_hidden(c)).map(harmless).collect();
        let line = clean_line(&kept, "/file", usize::MAX).unwrap_or_default();
        let edge = |c: char| c == '.' || c.is_whitespace();
        let line = line.trim_end_matches(edge);
        let Some((stem, ending)) = line.rsplit_once('.') else {
            return Err(refused("the name has no ending; name it like report.pdf"));
        };
        let ending = ending.to_ascii_lowercase();
        let room = NAME_CHARS_MAX.saturating_sub(ending.chars().count() + 1);
        let stem = shorten(stem.trim_matches(edge), room);
        let stem = if stem.is_empty() { "file" } else { stem };
        Ok(Name { text: format!("{stem}.{ending}"), ending })
    }
}

impl Kind {
    /// Tells what a file is, if it may be sent.
    pub(super) fn of(name: &Name, declared: Option<&str>, bytes: &[u8]) -> Result<&'static Self> {
        let kind = KINDS.iter().find(|kind| kind.endings.contains(&name.ending.as_str()));
        let kind = kind.ok_or_else(|| {
            refused(format!(
                "files that end in .{} cannot be sent; send a PDF or a picture instead",
                name.ending
            ))
        })?;
        if !declared.is_none_or(|declared| kind.is_declared_by(declared)) {
            return Err(refused(format!(
                "the file is called .{} and declared to be something else",
                name.ending
            )));
        }
        kind.check(bytes)?;
        Ok(kind)
    }

    /// The format, of a picture.
    pub(super) fn picture(&self) -> Option<ImageFormat> {
        match self.form {
            Form::Picture(format) => Some(format),
            _ => None,
        }
    }

    /// Whether a declared type is this kind's, or declares nothing.
    fn is_declared_by(&self, declared: &str) -> bool {
        let essence = declared.split(';').next().unwrap_or(declared).trim().to_ascii_lowercase();
        matches!(essence.as_str(), "" | "application/octet-stream")
            || essence == self.content_type
            || self.also_declared.contains(&essence.as_str())
    }

    /// Checks that the content is of this kind, and of no other as well.
    fn check(&self, bytes: &[u8]) -> Result<()> {
        let another =
            || refused(format!("the file is called .{} and holds something else", self.endings[0]));
        match self.form {
            Form::Picture(_) if sniff(bytes) == Some(self.content_type) => Ok(()),
            Form::Signed(_) if archive::ends(bytes) => {
                Err(refused("the file is two files in one; send them one by one"))
            }
            Form::Signed(sniffed) if sniff(bytes) == Some(sniffed) => Ok(()),
            Form::Text if is_text(bytes) && !is_markup(bytes) && !is_signed(bytes) => Ok(()),
            Form::Archive | Form::Office(_) if !archive::begins(bytes) => Err(another()),
            Form::Archive => {
                let names = archive::names(bytes).map_err(refused)?;
                archive::objection(&names).map_or(Ok(()), |objection| Err(refused(objection)))
            }
            Form::Office(part) => check_office(bytes, part)?.then_some(()).ok_or_else(another),
            _ => Err(another()),
        }
    }
}

/// Whether an archive is an office document with the given main part.
fn check_office(bytes: &[u8], part: &str) -> Result<bool> {
    let names = archive::names(bytes).map_err(refused)?;
    if names.iter().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        return Err(refused("the document holds macros; save it without them"));
    }
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    Ok(has("[Content_Types].xml") && has(part))
}

/// Reports that a file is refused.
pub(super) fn refused(detail: impl Into<String>) -> Error {
    Error::invalid("/file", detail)
}

/// What the first bytes say.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    infer::get(bytes).map(|found| found.mime_type())
}

/// Whether a text begins as another kind of file does, such as a PDF. Two or
/// three letters are no sign: a list of cars may begin with `BMW`.
fn is_signed(text: &[u8]) -> bool {
    const SHORT: &[&str] =
        &["image/bmp", "application/vnd.microsoft.portable-executable", "audio/mpeg"];
    sniff(text).is_some_and(|found| !SHORT.contains(&found))
}

/// Whether all bytes could be characters, in UTF-8 or another encoding that
/// contains ASCII.
fn is_text(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|&byte| byte >= b' ' && byte != 0x7F || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C))
}

/// Whether a text is meant for a browser.
fn is_markup(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(MARKUP_BYTES_MAX)];
    let beginning = String::from_utf8_lossy(beginning).to_ascii_lowercase();
    let beginning = beginning.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    beginning.starts_with("<?xml")
        || beginning.starts_with("<!doctype")
        || ["<svg", "<html", "<script", "<iframe", "<object", "<embed"]
            .iter()
            .any(|tag| beginning.contains(tag))
}

/// Marks that change how a name is read and are not seen themselves.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200C}'
            ..='\u{200F}'
                | '\u{061C}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{180E}'
                | '\u{115F}'
                | '\u{3164}'
    )
}

/// Replaces what some file system or header takes for something else.
fn harmless(c: char) -> char {
    if matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*' | ';') { '_' } else { c }
}

/// The beginning of a text, in whole graphemes, of at most so many characters.
fn shorten(text: &str, chars_max: usize) -> &str {
    let mut chars = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        chars += grapheme.chars().count();
        if chars > chars_max {
            break;
        }
        end = at + grapheme.len();
    }
    text[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::super::archive::tests::pack;
    use super::*;

    fn cleaned(name: &str) -> String {
        Name::clean(name).unwrap().text
    }

    fn kind(name: &str, declared: Option<&str>, bytes: &[u8]) -> Result<&'static str> {
        Kind::of(&Name::clean(name).unwrap(), declared, bytes).map(|kind| kind.content_type)
    }

    #[test]
    fn a_name_is_never_a_path_and_never_misleads() {
        assert_eq!(cleaned("../../etc/passwd.txt"), "passwd.txt");
        assert_eq!(cleaned("C:\\Users\\ada\\报告.PDF"), "报告.pdf");
        assert_eq!(cleaned("invoice\u{202E}fdp.zip"), "invoicefdp.zip");
        assert_eq!(cleaned("a\0\n\"b\".txt"), "a _b_.txt");
        assert_eq!(cleaned("\u{200B}.png"), "file.png");
        assert_eq!(cleaned("  ..a.png. "), "a.png");
        assert!(Name::clean("..").is_err());
        assert!(Name::clean("noending").is_err());
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_letters() {
        let long = cleaned(&format!("{}.png", "长".repeat(500)));
        assert_eq!((long.chars().count(), long.ends_with("长.png")), (120, true));

        let zalgo = cleaned(&format!("a{}.png", "\u{0301}".repeat(500)));
        assert_eq!(zalgo, "file.png");
    }

    #[test]
    fn an_ending_outside_the_list_is_refused() {
        for name in
            ["a.svg", "a.html", "a.htm", "a.xml", "a.svgz", "a.exe", "a.pdf.js", "a.docm", "a.heic"]
        {
            assert!(kind(name, None, b"x").is_err(), "{name}");
        }
    }

    #[test]
    fn content_ending_and_declaration_must_agree() {
        let pdf = b"%PDF-1.7\n%%EOF";

        assert_eq!(kind("a.pdf", Some("application/pdf"), pdf).unwrap(), "application/pdf");
        assert_eq!(kind("a.pdf", None, pdf).unwrap(), "application/pdf");
        assert_eq!(
            kind("a.pdf", Some("application/octet-stream"), pdf).unwrap(),
            "application/pdf"
        );
        assert!(kind("a.pdf", Some("text/html"), pdf).is_err(), "declared");
        assert!(kind("a.txt", Some("text/plain"), pdf).is_err(), "the ending");
        assert!(kind("a.pdf", Some("application/pdf"), b"hello").is_err(), "the content");
    }

    #[test]
    fn a_zip_named_png_is_refused_in_words() {
        let error = kind("a.png", Some("image/png"), &pack(&[("a", b"b")], None)).unwrap_err();

        assert_eq!(error.to_string(), "the file is called .png and holds something else");
    }

    #[test]
    fn markup_is_refused_under_every_name() {
        for markup in [
            "<svg onload=alert(1)>",
            " \u{FEFF}<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">]>",
            "<!DOCTYPE html><p>",
            "hello <script>alert(1)</script>",
        ] {
            for name in ["a.txt", "a.csv", "a.png", "a.pdf"] {
                assert!(kind(name, None, markup.as_bytes()).is_err(), "{name}: {markup}");
            }
        }
    }

    #[test]
    fn text_of_any_encoding_over_ascii_is_text_and_bytes_are_not() {
        assert_eq!(
            kind("a.txt", Some("text/plain; charset=gbk"), b"\xC4\xE3\xBA\xC3\r\n").unwrap(),
            "text/plain"
        );
        assert_eq!(
            kind("a.csv", Some("application/vnd.ms-excel"), "姓名,金额\n".as_bytes()).unwrap(),
            "text/csv"
        );
        assert_eq!(kind("cars.txt", None, b"BMW, ID3").unwrap(), "text/plain");
        assert!(kind("a.txt", None, b"a\0b").is_err());
        assert!(kind("a.txt", None, b"MZ\x90\x00").is_err());
    }

    #[test]
    fn a_document_is_told_from_an_archive_by_its_parts() {
        let parts: [(&str, &[u8]); 2] =
            [("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<y/>")];
        let document = pack(&parts, None);

        assert!(kind("a.docx", None, &document).unwrap().contains("wordprocessingml"));
        assert!(kind("a.xlsx", None, &document).is_err());
        let with_macros = pack(&[parts[0], parts[1], ("word/vbaProject.bin", b"z")], None);
        assert!(kind("a.docx", None, &with_macros).unwrap_err().to_string().contains("macros"));
    }

    #[test]
    fn a_file_that_is_two_is_refused() {
        let both = [b"%PDF-1.7\n%%EOF".as_slice(), &pack(&[("a", b"b")], None)].concat();

        assert!(kind("a.pdf", None, &both).unwrap_err().to_string().contains("two files"));
    }

    #[test]
    fn sound_and_film_are_known_by_their_first_bytes() {
        assert_eq!(kind("a.mp3", Some("audio/mp3"), b"ID3\x04rest of it").unwrap(), "audio/mpeg");
        assert_eq!(
            kind("a.m4a", Some("audio/x-m4a"), b"\0\0\0\x20ftypM4A \0\0").unwrap(),
            "audio/mp4"
        );
        assert_eq!(kind("a.mp4", None, b"\0\0\0\x20ftypisom\0\0\0\0").unwrap(), "video/mp4");
        assert_eq!(
            kind("a.wav", Some("audio/wav"), b"RIFF\x24\0\0\0WAVEfmt ").unwrap(),
            "audio/wav"
        );
    }
}
