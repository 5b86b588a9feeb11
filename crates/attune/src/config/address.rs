//! An origin in the configuration: scheme, host and port.

use serde::Deserialize;
use url::Url;

/// An origin such as `https://chat.example.com`, or none.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub(crate) struct Address(Option<String>);

impl Address {
    /// The origin, if there is one.
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Address(None));
        }
        let wrong = || {
            format!("{text:?} is not an address such as https://chat.example.com, without a path")
        };
        let url = Url::parse(&text).map_err(|_| wrong())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if plain { Ok(Address(Some(url.origin().ascii_serialization()))) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_origin_and_nothing_more() {
        let read = |text: &str| Address::try_from(text.to_owned()).ok().map(|address| address.0);

        assert_eq!(read(""), Some(None));
        assert_eq!(read("https://a.example:443/"), Some(Some("https://a.example".into())));
        assert_eq!(read("http://127.0.0.1:8080"), Some(Some("http://127.0.0.1:8080".into())));
        for wrong in ["a.example", "ftp://a.example", "https://a.example/x", "https://u@a.example"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
