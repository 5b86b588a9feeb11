//! What a bot shall understand with, as its `bot.yml` says: plain data.
//!
//! The engine does not care; whoever trains the bot's model reads it. Where an encoder lies, and
//! whether it is there, is not looked at here.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The section `understanding` of `bot.yml`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Understanding {
    /// What is read of a text.
    #[serde(default)]
    pub tier: Tier,
    /// The folder of the encoder's checkpoint; relative to the bot's folder, or absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<PathBuf>,
    /// Whether the encoder learns from the examples too.
    #[serde(default)]
    pub fine_tune: bool,
}

/// What is read of a text.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// N-grams.
    #[default]
    Linear,
    /// The sentence vector of an encoder.
    Encoder,
    /// Both.
    Hybrid,
}

impl Understanding {
    /// Says what about the section cannot be meant.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        match (self.tier, &self.encoder) {
            (Tier::Linear, Some(_)) => Some(
                "names an encoder that `tier: linear` does not read: write `tier: hybrid`, or leave `encoder` out",
            ),
            (Tier::Linear, None) if self.fine_tune => {
                Some("has `fine_tune` without an encoder: name one, or leave it out")
            }
            (Tier::Encoder | Tier::Hybrid, None) => {
                Some("has no `encoder`: name the folder of a checkpoint, or write `tier: linear`")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(section: &str) -> Option<&'static str> {
        serde_norway::from_str::<Understanding>(section).unwrap().mistake()
    }

    #[test]
    fn an_encoder_is_named_exactly_where_one_reads() {
        assert_eq!(mistake("{}"), None);
        assert_eq!(mistake("{tier: hybrid, encoder: encoder, fine_tune: true}"), None);
        assert_eq!(mistake("{tier: encoder, encoder: /opt/minilm}"), None);
        assert!(mistake("{tier: hybrid}").unwrap().contains("no `encoder`"));
        assert!(mistake("{encoder: minilm}").unwrap().contains("tier: hybrid"));
        assert!(mistake("{fine_tune: true}").unwrap().contains("fine_tune"));
    }

    #[test]
    fn a_key_that_nobody_knows_is_refused() {
        for section in ["{teir: hybrid}", "{tier: quantum}", "{fine_tune: perhaps}"] {
            assert!(serde_norway::from_str::<Understanding>(section).is_err(), "{section}");
        }
    }
}
