//! The demo company's web page, with the widget's address and key filled in.

use super::{Company, Files};
use crate::pages::{Origins, SitePage};

/// The files below `/demo/`.
pub(crate) fn site(company: &Company, origins: &Origins) -> Vec<SitePage> {
    Files::iter()
        .filter_map(|path| Some((path.strip_prefix("site/")?.to_owned(), Files::get(&path)?)))
        .map(|(path, file)| {
            let bytes = match path.ends_with(".html") {
                true => fill(&file.data, company, origins),
                false => file.data.into_owned(),
            };
            SitePage { path, bytes }
        })
        .collect()
}

fn fill(page: &[u8], company: &Company, origins: &Origins) -> Vec<u8> {
    String::from_utf8_lossy(page)
        .replace("{{WIDGET_ORIGIN}}", &origins.widget)
        .replace("{{INBOX_KEY}}", &company.inbox.key)
        .into_bytes()
}
