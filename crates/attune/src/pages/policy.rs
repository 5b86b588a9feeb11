//! Content security policies: what a page may load, reach, and be embedded in.
//!
//! None allows an inline script, an inline style or an `eval`; what is not
//! named is forbidden. No page turns a string into markup or code: browsers
//! that know Trusted Types refuse it, but for the one policy of the cleaner
//! that draws Markdown.

use domain::Inbox;

/// Where the parts are, as browsers see them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Origins {
    /// The public address.
    pub(crate) public: String,
    /// The agents' pages.
    pub(crate) console: String,
    /// The widget and the loader.
    pub(crate) widget: String,
    /// Uploaded files.
    pub(crate) files: String,
}

impl Origins {
    /// Whether all parts share the public address.
    pub(crate) fn is_one(&self) -> bool {
        [&self.console, &self.widget, &self.files].into_iter().all(|origin| *origin == self.public)
    }

    /// The address of the live connection at an origin.
    fn live(origin: &str) -> String {
        match origin.strip_prefix("https://") {
            Some(host) => format!("wss://{host}"),
            None => origin.replacen("http://", "ws://", 1),
        }
    }
}

/// The only policy by which console and widget may make markup of a string:
/// that of DOMPurify, which reads what it is to clean.
const CLEANER_ONLY: &str = "require-trusted-types-for 'script'; trusted-types dompurify";
/// No markup is made of strings at all.
const NO_MARKUP: &str = "require-trusted-types-for 'script'; trusted-types 'none'";

/// The console's policy: nobody embeds it, and it embeds nothing.
pub(super) fn console(origins: &Origins) -> String {
    let (live, files) = (Origins::live(&origins.console), &origins.files);
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob: {files}; \
         connect-src 'self' {live} {files}; base-uri 'none'; form-action 'self'; {CLEANER_ONLY}; frame-ancestors 'none'"
    )
}

/// The widget's policy: the inbox says who may embed it; no inbox, nobody.
pub(super) fn widget(origins: &Origins, embedders: &[String]) -> String {
    let (live, files) = (Origins::live(&origins.widget), &origins.files);
    // What is stored was checked; what cannot stand in a policy is left out all the same.
    let embedders: Vec<&str> = embedders
        .iter()
        .filter(|origin| Inbox::check_origins(std::slice::from_ref(origin)).is_ok())
        .map(String::as_str)
        .collect();
    let ancestors = if embedders.is_empty() { "'none'".to_owned() } else { embedders.join(" ") };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob: {files}; \
         connect-src 'self' {live} {files}; base-uri 'none'; form-action 'none'; {CLEANER_ONLY}; frame-ancestors {ancestors}"
    )
}

/// The demo company's policy, as a company's own page would have it.
pub(super) fn demo(origins: &Origins) -> String {
    let widget = &origins.widget;
    format!(
        "default-src 'none'; script-src {widget}; style-src 'self'; img-src 'self' data:; frame-src {widget}; \
         base-uri 'none'; form-action 'none'; {NO_MARKUP}; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins() -> Origins {
        Origins {
            public: "https://a.example".into(),
            console: "https://console.a.example".into(),
            widget: "https://chat.a.example".into(),
            files: "https://files.a.example".into(),
        }
    }

    #[test]
    fn nobody_embeds_a_widget_without_allowed_origins() {
        assert!(widget(&origins(), &[]).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn an_origin_cannot_add_to_the_policy() {
        let allowed = ["https://shop.example".to_owned(), "https://x; script-src *".to_owned()];

        let policy = widget(&origins(), &allowed);

        assert!(policy.ends_with("frame-ancestors https://shop.example"), "{policy}");
    }

    #[test]
    fn live_connections_go_to_the_pages_own_origin() {
        assert!(console(&origins()).contains("connect-src 'self' wss://console.a.example "));
        assert!(widget(&origins(), &[]).contains("connect-src 'self' wss://chat.a.example "));
    }

    #[test]
    fn no_page_makes_code_of_strings_and_none_frames_another() {
        let embedders = ["https://shop.example".to_owned()];
        let pages = [
            (console(&origins()), "dompurify"),
            (widget(&origins(), &embedders), "dompurify"),
            (demo(&origins()), "'none'"),
        ];

        for (policy, makers) in pages {
            let directives: Vec<&str> = policy.split("; ").collect();
            assert!(directives.contains(&"default-src 'none'"), "{policy}");
            assert!(directives.contains(&"require-trusted-types-for 'script'"), "{policy}");
            assert!(directives.contains(&&*format!("trusted-types {makers}")), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
        }
        assert!(!console(&origins()).contains("frame-src"));
        assert!(!widget(&origins(), &embedders).contains("frame-src"));
    }
}
