//! Checking what strangers send: every wrong field is reported, not only the first.

use domain::{Error, FieldError, Result, clean_line};

/// How long a name may be, in characters.
pub(crate) const NAME_CHARS_MAX: usize = 100;
/// How long an e-mail address may be, in characters.
const EMAIL_CHARS_MAX: usize = 254;

/// Gathers the wrong fields of a request.
#[derive(Default)]
pub(crate) struct Fields {
    wrong: Vec<FieldError>,
    broken: Option<Error>,
}

impl Fields {
    /// Takes a checked field. A wrong one is remembered and replaced by a
    /// default, which [`Fields::done`] keeps from being used.
    pub(crate) fn take<T: Default>(&mut self, checked: Result<T>) -> T {
        match checked {
            Ok(value) => return value,
            Err(Error::Invalid(fields)) => self.wrong.extend(fields),
            Err(other) => self.broken = Some(other),
        }
        T::default()
    }

    /// Ends the check.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with every wrong field.
    pub(crate) fn done(self) -> Result<()> {
        match self {
            Fields { broken: Some(error), .. } => Err(error),
            Fields { wrong, .. } if wrong.is_empty() => Ok(()),
            Fields { wrong, .. } => Err(Error::Invalid(wrong)),
        }
    }
}

/// Cleans the name of a noun.
pub(crate) fn name(text: &str) -> Result<String> {
    clean_line(text, "/name", NAME_CHARS_MAX)
}

/// Checks an e-mail address just enough to notice a mistake, and writes it in
/// lower case, so that one address is one agent.
pub(crate) fn email(text: &str) -> Result<String> {
    let email = clean_line(text, "/email", EMAIL_CHARS_MAX)?.to_lowercase();
    let plausible = match email.split_once('@') {
        Some((local, host)) => {
            !local.is_empty()
                && !host.contains('@')
                && host.split('.').all(|label| !label.is_empty())
                && !email.contains(char::is_whitespace)
        }
        None => false,
    };
    if plausible { Ok(email) } else { Err(Error::invalid("/email", "is not an e-mail address")) }
}

/// Checks the name of a time zone.
pub(crate) fn time_zone(text: &str) -> Result<String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(Error::invalid(
            "/time_zone",
            format!("`{}` is not an IANA time zone such as Asia/Shanghai", shorten(text)),
        )),
    }
}

/// Cuts a stranger's text down to what an error message may quote.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_reported() {
        let mut fields = Fields::default();

        fields.take(name(" "));
        fields.take(email("nobody"));
        let error = fields.done().unwrap_err();

        let Error::Invalid(wrong) = error else { panic!("{error}") };
        assert_eq!(
            wrong.iter().map(|field| field.pointer.as_str()).collect::<Vec<_>>(),
            ["/name", "/email"]
        );
    }

    #[test]
    fn an_address_is_one_local_part_and_one_host() {
        for wrong in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b@c.example",
            "a b@c.example",
            "a@b..example",
            "a@.example",
        ] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert_eq!(email(" Ada@Example.com ").unwrap(), "ada@example.com");
    }
}
