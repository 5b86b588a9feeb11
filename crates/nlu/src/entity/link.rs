//! E-mail addresses and addresses on the web.
//!
//! Both end where Chinese text begins, which seldom puts a space after them. Neither is checked for existence.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::fold::{Folded, is_wordy};
use super::found::Found;
use super::kind::Kind;
use super::value::Value;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"[a-z0-9][a-z0-9._%+\-]{0,63}@(?:[a-z0-9](?:[a-z0-9\-]{0,62})\.){1,8}[a-z]{2,24}")
});
static URL: LazyLock<Regex> = LazyLock::new(|| {
    let path = r"[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]";
    let name = r"(?:[a-z0-9](?:[a-z0-9\-]{0,62})\.){1,8}";
    let known =
        "com|cn|net|org|edu|gov|io|co|app|dev|shop|top|xyz|info|vip|cc|me|tv|ai|uk|de|jp|eu";
    regex(&format!(
        r"(?:https?|ftp)://{path}+|www\.{name}[a-z]{{2,24}}(?::[0-9]{{1,5}})?(?:[/?#]{path}*)?|{name}(?:{known})(?::[0-9]{{1,5}})?(?:[/?#]{path}*)?"
    ))
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern that the tests compile")
}

/// Compiles the patterns now, so that the first text need not wait for it.
pub(super) fn prepare() {
    LazyLock::force(&EMAIL);
    LazyLock::force(&URL);
}

/// Finds addresses in a folded text; case comes from the original.
pub(super) fn find(original: &str, folded: &Folded, found: &mut Vec<Found>) {
    let text = folded.text();
    let written = |range| original[folded.original(range)].nfkc().collect::<String>();
    if text.contains('@') {
        for email in EMAIL.find_iter(text).filter(|email| !goes_on(text, email.end())) {
            let address = written(email.range());
            let (name, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
            let address = format!("{name}@{}", domain.to_lowercase());
            let value = Value::Email { address };
            found.push(Found { kind: Kind::Email, range: email.range(), value, is_told: false });
        }
    }
    if text.contains("://") || has_domain(text) {
        for url in URL.find_iter(text) {
            let start = url.start();
            let end = start + trimmed(url.as_str()).len();
            let before = text[..start].chars().next_back();
            if before.is_some_and(|c| is_wordy(c) || matches!(c, '@' | '.' | '-'))
                || goes_on(text, end)
            {
                continue;
            }
            let value = Value::Url { url: written(start..end) };
            found.push(Found { kind: Kind::Url, range: start..end, value, is_told: false });
        }
    }
}

/// Tells whether a dot stands between a letter or digit and a letter.
fn has_domain(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|w| w[1] == b'.' && w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphabetic())
}

/// Tells whether an address is cut off in the middle of a word.
fn goes_on(text: &str, end: usize) -> bool {
    let last = text[..end].chars().next_back();
    last.is_some_and(is_wordy)
        && text[end..].chars().next().is_some_and(|c| is_wordy(c) || c == '@')
}

/// Removes the punctuation that ends a sentence and not an address.
fn trimmed(url: &str) -> &str {
    let mut url = url;
    while let Some(last) = url.chars().next_back() {
        let unbalanced = match last {
            ')' => url.matches('(').count() < url.matches(')').count(),
            ']' => url.matches('[').count() < url.matches(']').count(),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' => true,
            _ => false,
        };
        if !unbalanced {
            break;
        }
        url = &url[..url.len() - 1];
    }
    url
}
