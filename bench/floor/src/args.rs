//! Arguments of the form `--name value`, without a library.

use anyhow::{Context, bail};

/// What was given on the command line and not yet taken.
pub(crate) struct Args {
    left: Vec<String>,
}

impl Args {
    pub(crate) fn from_env() -> Self {
        Args { left: std::env::args().skip(1).collect() }
    }

    /// Takes `word` if it comes first.
    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let found = self.left.first().is_some_and(|first| first == word);
        if found {
            self.left.remove(0);
        }
        found
    }

    /// Takes the value of `name`, or `default`.
    pub(crate) fn text(&mut self, name: &str, default: &str) -> String {
        self.take(name).unwrap_or_else(|| default.to_owned())
    }

    /// Takes the number after `name`, or `default`.
    pub(crate) fn number(&mut self, name: &str, default: usize) -> anyhow::Result<usize> {
        match self.take(name) {
            Some(text) => {
                text.parse().with_context(|| format!("{name} wants a number, not {text:?}"))
            }
            None => Ok(default),
        }
    }

    /// Complains about what nobody took.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self.left.first() {
            Some(unknown) => bail!("unknown argument {unknown:?}"),
            None => Ok(()),
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.left.iter().position(|given| given == name)?;
        (at + 1 < self.left.len()).then(|| self.left.drain(at..at + 2).nth(1))?
    }
}
