//! Files that are served as they are: with a name for their content, compressed once.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::OnceLock;

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

/// Smaller files gain nothing from compression.
const COMPRESSED_BYTES_MIN: usize = 1_024;
/// Half of a SHA-256 names a content well enough.
const TAG_BYTES: usize = 16;

/// Files by their path.
pub(super) struct Assets(HashMap<String, Asset>);

/// One file.
pub(super) struct Asset {
    bytes: Bytes,
    content_type: &'static str,
    tag: String,
    compressed: OnceLock<Bytes>,
}

/// How long browsers may keep a file.
#[derive(Clone, Copy)]
pub(super) enum Caching {
    /// Its name changes with its content.
    Forever,
    /// For some minutes: others name it in their pages.
    Short,
    /// Only if it is still the same.
    Revalidate,
}

impl Assets {
    /// The files of a folder that was compiled in.
    pub(super) fn embedded<E: Embed>() -> Self {
        let files = E::iter().filter_map(|path| Some((path.to_string(), E::get(&path)?.data)));
        Assets(
            files.map(|(path, data)| (path.clone(), Asset::new(&path, from_cow(data)))).collect(),
        )
    }

    /// Files that were made at the start.
    pub(super) fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Assets(
            files
                .into_iter()
                .map(|(path, data)| (path.clone(), Asset::new(&path, data.into())))
                .collect(),
        )
    }

    /// Finds a file by its exact path; there is no folder to climb out of.
    pub(super) fn get(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }
}

impl Asset {
    fn new(path: &str, bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes);
        let tag = digest.iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
        Asset { bytes, content_type: content_type(path), tag, compressed: OnceLock::new() }
    }

    /// Answers a request for this file.
    pub(super) fn answer(&self, request: &HeaderMap, caching: Caching) -> Response {
        let compress = self.bytes.len() >= COMPRESSED_BYTES_MIN
            && is_text(self.content_type)
            && accepts_gzip(request);
        // The two forms are different bytes, so they have different names.
        let tag =
            if compress { format!("\"{}-gz\"", self.tag) } else { format!("\"{}\"", self.tag) };
        let has_it = request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .any(|known| known.trim().trim_start_matches("W/") == tag);
        let mut answer = if has_it {
            StatusCode::NOT_MODIFIED.into_response()
        } else if compress {
            let mut answer = self.compressed().clone().into_response();
            answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            answer
        } else {
            self.bytes.clone().into_response()
        };
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching.header()));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(ETAG, tag);
        }
        answer
    }

    fn compressed(&self) -> &Bytes {
        self.compressed.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            // Writing to memory does not fail; an empty file would be noticed.
            let _ = encoder.write_all(&self.bytes);
            encoder.finish().unwrap_or_default().into()
        })
    }
}

impl Caching {
    fn header(self) -> &'static str {
        match self {
            Caching::Forever => "public, max-age=31536000, immutable",
            Caching::Short => "public, max-age=300",
            Caching::Revalidate => "no-cache",
        }
    }
}

fn from_cow(data: std::borrow::Cow<'static, [u8]>) -> Bytes {
    match data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    }
}

/// The types of the files that we have; anything else is a mere download.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/")
        || matches!(content_type, "application/json" | "image/svg+xml")
}

/// Whether a client takes gzip, and did not say that it takes it never.
fn accepts_gzip(request: &HeaderMap) -> bool {
    let lists = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| {
        let (name, quality) = one.split_once(';').unwrap_or((one, ""));
        let never = matches!(
            quality.trim().replace(' ', "").as_str(),
            "q=0" | "q=0.0" | "q=0.00" | "q=0.000"
        );
        name.trim().eq_ignore_ascii_case("gzip") && !never
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_large_text_is_compressed_for_those_who_take_it() {
        let asset = Asset::new("a.js", "x".repeat(5_000).into());

        let compressed =
            asset.answer(&request(&[("accept-encoding", "br, gzip;q=0.5")]), Caching::Forever);
        let plain =
            asset.answer(&request(&[("accept-encoding", "gzip;q=0, br")]), Caching::Forever);

        assert_eq!(compressed.headers()["content-encoding"], "gzip");
        assert!(!plain.headers().contains_key("content-encoding"));
        assert_ne!(compressed.headers()["etag"], plain.headers()["etag"]);
    }

    #[test]
    fn who_has_the_same_content_gets_nothing_again() {
        let asset = Asset::new("index.html", "hello".into());
        let tag = asset.answer(&HeaderMap::new(), Caching::Revalidate).headers()["etag"].clone();

        let same = asset
            .answer(&request(&[("if-none-match", tag.to_str().unwrap())]), Caching::Revalidate);
        let other = asset.answer(&request(&[("if-none-match", "\"other\"")]), Caching::Revalidate);

        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(other.status(), StatusCode::OK);
    }
}
